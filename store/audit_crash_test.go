package store_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"meetdesk/store"
	"meetdesk/store/enginetest"
	"meetdesk/testenv"
)

// crashDir is the environment variable that tells the process to be killed which data
// directory to use.
const crashDir = "MEETDESK_TEST_AUDIT_CRASH"

// A killed process loses no entry written by Audit, and only the newest entries queued by
// AuditSoon. With LONG=1, the test kills 50 processes instead of 2.
func TestCrashLosesOnlyQueuedEntries(t *testing.T) {
	testenv.SkipUnderRace(t)
	testenv.SkipIfShort(t)
	if dir := os.Getenv(crashDir); dir != "" {
		auditUntilKilled(t, dir)
	}
	rounds := 2
	if os.Getenv("LONG") != "" {
		rounds = 50
	}
	var (
		total, lost int
		oldest      time.Duration
	)
	for range rounds {
		dir := t.TempDir()
		acknowledged, killed := killWhileAuditing(t, dir)
		total += len(acknowledged)
		stored := make(map[string]bool)
		for _, line := range auditLines(t, dir) {
			stored[strings.Split(line, "|")[2]] = true
		}
		missing := false
		for _, a := range acknowledged {
			switch {
			case stored[a.entry] && missing && strings.HasPrefix(a.entry, "soon"):
				t.Errorf("%s is stored, but an older entry is not", a.entry)
			case stored[a.entry]:
			case strings.HasPrefix(a.entry, "now"):
				t.Errorf("%s was on the disk before the process was killed, and is lost", a.entry)
			default:
				lost++
				if age := killed.Sub(a.at); !missing && age > oldest {
					oldest = age
				}
				missing = true
			}
		}
	}
	t.Logf("%d rounds: %d entries acknowledged, %d lost, the oldest of them %s before the kill", rounds, total, lost, oldest.Round(time.Millisecond))
}

type acknowledgedEntry struct {
	entry string
	at    time.Time
}

// killWhileAuditing kills a process at a random moment while it writes audit entries. It
// returns the acknowledged entries and the time of the kill.
func killWhileAuditing(t *testing.T, dir string) (acknowledged []acknowledgedEntry, killed time.Time) {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	child := exec.Command(self, "-test.run=^TestCrashLosesOnlyQueuedEntries$")
	child.Env = append(os.Environ(), crashDir+"="+dir, enginetest.Variable(t, dir))
	out, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	lines := bufio.NewScanner(out)
	var kill time.Time
	for lines.Scan() {
		if kill.IsZero() { // the process has printed its first entry
			kill = time.Now().Add(time.Duration(200+rand.IntN(1200)) * time.Millisecond)
			time.AfterFunc(time.Until(kill), func() { killed = time.Now(); child.Process.Kill() })
		}
		acknowledged = append(acknowledged, acknowledgedEntry{lines.Text(), time.Now()})
	}
	if err := child.Wait(); err == nil || kill.IsZero() {
		t.Fatalf("the process ended by itself: %v", err)
	}
	return acknowledged, killed
}

// auditUntilKilled writes every tenth entry immediately and queues the others. It prints
// each entry once it has been written or queued.
func auditUntilKilled(t *testing.T, dir string) {
	s := open(t, dir)
	person := signIn(t, s, "one").User.ID
	for i := range 10_000 {
		entry := "soon " + strconv.Itoa(i)
		if i%10 == 0 {
			entry = "now " + strconv.Itoa(i)
			must(t, s.Audit(t.Context(), person, store.AuditHistoryRead, 0, entry))
		} else {
			must(t, s.AuditSoon(t.Context(), person, store.AuditHistoryRead, 0, entry))
		}
		fmt.Println(entry)
		time.Sleep(2 * time.Millisecond)
	}
}
