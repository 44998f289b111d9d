package store_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/enginetest"
	"meetdesk/testenv"
)

// retentionDir is the name of the environment variable that contains the data directory of
// the process to be killed.
const retentionDir = "MEETDESK_TEST_RETENTION_CRASH"

// A purge and an erasure finish correctly even if the process is killed several times at
// random moments.
func TestRetentionSurvivesKills(t *testing.T) {
	testenv.SkipIfShort(t)
	if dir := os.Getenv(retentionDir); dir != "" {
		keepRetention(t, dir)
		return
	}
	const (
		old, kept = 120, 80
		kills     = 8
	)
	dir := t.TempDir()
	s := open(t, dir)
	by, person := signIn(t, s, "one").User, signIn(t, s, "quartzmeier").User
	for i := range old + kept {
		organizer := []meeting.User{by, person}[i%2]
		subject := "For " + person.UPN
		id := finished(t, s, organizer, fmt.Sprint("INC", i), meeting.Details{GraphID: fmt.Sprint("graph", i), Subject: subject, Attendees: []meeting.Attendee{{UPN: person.UPN, Name: "Quartzmeier"}}})
		must(t, s.AddNote(t.Context(), id, organizer.ID, meeting.Note{Kind: meeting.Remark, Text: "Called " + person.UPN}))
		must(t, s.AuditSoon(t.Context(), organizer.ID, store.AuditHistoryRead, 0, "q="+person.UPN))
	}
	must(t, s.FlushAudit(t.Context()))
	db := enginetest.Connect(t, dir)
	_, err := db.Exec(`UPDATE meetings SET updated_at = 1, end_at = 1 WHERE id <= $1`, old)
	must(t, err)
	purge := meeting.Purge{MeetingsBefore: time.Now().AddDate(0, -6, 0)}
	must(t, s.StartPurge(t.Context(), by.ID, purge))
	must(t, s.StartErase(t.Context(), by.ID, store.EraseRequest{UserID: person.ID}, func(id int64) string { return fmt.Sprint("Erased ", id) }))
	must(t, s.Close())

	killed := 0
	for !retentionDone(t, dir, killed < kills) {
		killed++
	}
	t.Logf("%d kills", killed)
	s = open(t, dir)
	plan, err := s.PlanPurge(t.Context(), purge)
	if must(t, err); plan.Meetings != 0 || plan.KeptMeetings != kept {
		t.Errorf("%d old meetings and %d others are there, want 0 and %d", plan.Meetings, plan.KeptMeetings, kept)
	}
	for _, table := range []string{"notes", "replies"} {
		var n int
		if must(t, db.QueryRow(`SELECT count(*) FROM `+table).Scan(&n)); n != kept {
			t.Errorf("%d rows in %s, want %d", n, table, kept)
		}
	}
	must(t, s.ExportPerson(t.Context(), store.EraseRequest{Address: person.UPN}, func(left []store.PersonalRecord) error {
		for _, record := range left {
			t.Errorf("%s still has the person: %v", record.Table, record.Row)
		}
		return nil
	}))
}

// retentionDone starts a process that carries out the tasks and reports whether it exited
// on its own. If kill is true, retentionDone kills the process after a short time.
func retentionDone(t *testing.T, dir string, kill bool) bool {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	child := exec.Command(self, "-test.run=^TestRetentionSurvivesKills$")
	child.Env = append(os.Environ(), retentionDir+"="+dir, enginetest.Variable(t, dir))
	out, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatal("the process did not begin")
	}
	if kill {
		time.AfterFunc(time.Duration(rand.IntN(150))*time.Millisecond, func() { child.Process.Kill() })
	}
	for lines.Scan() {
		if lines.Text() == "done" {
			break
		}
	}
	_ = child.Wait()
	return child.ProcessState.Success()
}

// keepRetention runs in the process that may be killed. It carries out all tasks and then
// prints "done".
func keepRetention(t *testing.T, dir string) {
	s := open(t, dir)
	fmt.Println("begun")
	go s.KeepRetention(t.Context(), func(err error) { fmt.Fprintln(os.Stderr, err) })
	for {
		tasks, err := s.RetentionTasks(t.Context(), 2)
		must(t, err)
		if !tasks[0].DoneAt.IsZero() && !tasks[1].DoneAt.IsZero() {
			break
		}
		time.Sleep(time.Millisecond)
	}
	fmt.Println("done")
}
