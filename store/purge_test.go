package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/enginetest"
	"meetdesk/store/postgrestest"
)

// A purge removes what its plan counted and keeps the rest, even across a restart. The IDs
// of removed meetings are never reused.
func TestPurge(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	person := signIn(t, s, "one").User
	var ids []int64
	for _, ticket := range []string{"INC1", "INC2", "INC3", "INC4"} {
		id := finished(t, s, person, ticket, meeting.Details{GraphID: ticket, Subject: "Printer"})
		ids = append(ids, id)
		must(t, s.AddNote(t.Context(), id, person.ID, meeting.Note{Kind: "note", Text: "Called"}))
		must(t, s.Audit(t.Context(), person.ID, store.AuditMeetingRead, id, ""))
	}
	if _, err := s.Begin(t.Context(), store.Intention{MeetingID: ids[1], Organizer: person, Actor: person, Mode: meeting.Delegated, Kind: meeting.KindUpdate}); err != nil {
		t.Fatal(err)
	}
	// All meetings except the first are old, and the second has an unsettled attempt.
	old := time.Now().AddDate(-1, 0, 0)
	db := enginetest.Connect(t, dir)
	exec := func(q string, args ...any) {
		t.Helper()
		if _, err := db.Exec(q, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec(`UPDATE meetings SET updated_at = $1, end_at = $1 WHERE id > $2`, old.UnixMilli(), ids[0])
	exec(`UPDATE meetings SET updated_at = $1, end_at = $1 WHERE id = $2`, old.AddDate(0, 0, -9).UnixMilli(), ids[1])
	for range 2 {
		_, err := s.AddImport(t.Context(), meeting.Import{User: person}, []meeting.ImportRow{{Number: 2, ExternalID: "INC9"}})
		must(t, err)
	}
	exec(`UPDATE imports SET state = 'done', created_at = $1, finished_at = $1 WHERE id = 1`, old.UnixMilli())
	purge := meeting.Purge{MeetingsBefore: time.Now().AddDate(0, -6, 0)}
	plan, err := s.PlanPurge(t.Context(), purge)
	must(t, err)
	if plan.Meetings != 2 || plan.Imports != 1 || plan.KeptMeetings != 2 || plan.KeptOpen != 1 || plan.Entries != 0 || plan.Oldest.UnixMilli() != old.UnixMilli() || plan.Newest.UnixMilli() != old.UnixMilli() {
		t.Errorf("the plan is %+v", plan)
	}
	must(t, s.StartPurge(t.Context(), person.ID, purge))
	must(t, s.Close())

	s = open(t, dir) // the task continues
	wait := func() {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		go s.KeepRetention(ctx, func(err error) { t.Error(err) })
		for ctx.Err() == nil {
			tasks, err := s.RetentionTasks(t.Context(), 1)
			must(t, err)
			if !tasks[0].DoneAt.IsZero() {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Fatal("the task does not end")
	}
	wait()
	tasks, err := s.RetentionTasks(t.Context(), 1)
	if must(t, err); tasks[0].Meetings != 2 {
		t.Errorf("the task is %+v", tasks[0])
	}
	count := func(q string, want int) {
		t.Helper()
		var n int
		if err := db.QueryRow(q).Scan(&n); err != nil || n != want {
			t.Errorf("%s: %d, want %d: %v", q, n, want, err)
		}
	}
	for _, table := range []string{"meetings", "notes", "replies", "meetings_fts"} {
		count(`SELECT count(*) FROM `+table, 2)
	}
	count(`SELECT count(*) FROM attempts`, 3)
	count(`SELECT count(*) FROM retention`, 0)
	count(`SELECT count(*) FROM audit WHERE action = 'meeting.read'`, 4)
	if !postgrestest.Wanted() { // PostgreSQL always enforces foreign keys
		count(`SELECT count(*) FROM pragma_foreign_key_check`, 0)
	}
	if id := finished(t, s, person, "INC5", meeting.Details{GraphID: "INC5"}); id <= ids[3] {
		t.Errorf("the number %d was given again", id)
	}

	count(`SELECT count(*) FROM imports`, 1)

	must(t, s.StartPurge(t.Context(), person.ID, meeting.Purge{AuditBefore: time.Now().Add(time.Hour)}))
	wait()
	tasks, err = s.RetentionTasks(t.Context(), 1)
	must(t, err)
	count(fmt.Sprintf(`SELECT count(*) FROM audit WHERE action = 'retention.purged' AND detail = 'entries=%d'`, tasks[0].Entries), 1)
	count(`SELECT count(*) FROM audit`, 1) // only the entry that was written after the removal

	// The retention rule starts a purge each day.
	must(t, s.SetRetentionRule(t.Context(), person.ID, meeting.RetentionRule{Meetings: 6}))
	exec(`UPDATE retention_rule SET run_at = 0`)
	exec(`UPDATE attempts SET state = 'done'`)
	must(t, s.StartPurge(t.Context(), person.ID, meeting.Purge{AuditBefore: old}))
	wait()
	must(t, s.Close())
	s = open(t, dir)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	go s.KeepRetention(ctx, func(err error) { t.Error(err) })
	for ctx.Err() == nil {
		if tasks, err := s.RetentionTasks(t.Context(), 1); err == nil && tasks[0].By.ID == 0 && tasks[0].Meetings == 1 && !tasks[0].DoneAt.IsZero() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("the rule removed nothing")
}
