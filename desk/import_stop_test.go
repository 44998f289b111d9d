package desk_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"meetdesk/desk/desktest"
	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/testenv"
)

// No matter when the desk stops, each row either has a result or was never begun. The desk
// logs no error.
func TestAStoppingDeskEndsItsRows(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	d := desktest.New(t)
	p := d.SignIn(priya)
	seen := make(map[meeting.RowState]bool)
	for uses := 1; uses < 150 || !seen[meeting.RowCreated] && uses < 1000; uses++ {
		id := startImport(d, p, request(d, externalID(fmt.Sprint("INC", uses))))
		h := testenv.Hurry(t.Context(), uses)
		d.RunImports(h)
		for row, err := range d.Store.ImportRows(t.Context(), id) {
			if seen[row.State] = true; err != nil || row.State != meeting.RowCreated && row.State != meeting.RowWaiting {
				t.Errorf("the desk stopped after %d uses of the context, and the row is %q, %v", uses, row.State, err)
			}
		}
		_ = d.Store.CancelImport(t.Context(), id, p.User.ID, meeting.ReasonImportPersonEnd) // fails if the import has ended
	}
	if !seen[meeting.RowCreated] || !seen[meeting.RowWaiting] {
		t.Errorf("the rows ended in these states: %v", seen)
	}
	if log := d.Log.String(); strings.Contains(log, "level=ERROR") {
		t.Errorf("the log has errors:\n%s", log)
	}
}

// An import that must be paused is paused even if the desk stops at that moment. Otherwise
// it would run again after a restart, and its page would not show the reason.
func TestAnImportIsPausedWhileTheDeskStops(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	id := startImport(d, p, request(d, externalID("INC1")))
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	d.Desk.Now = func() time.Time { // called to compare the time with EndsAt
		stop()
		return time.Now().AddDate(0, 0, 2)
	}
	d.RunImports(ctx)
	if i, err := d.Store.Import(t.Context(), id); err != nil || i.State != meeting.ImportPaused || i.Reason != meeting.ReasonImportDayOver {
		t.Errorf("the import is %s, %q, %v; want it paused because its day is over", i.State, i.Reason, err)
	}
}

// A desk works on eight rows of an import at a time, however often it looks for imports.
func TestADeskWorksOnAnImportOnce(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	hold := make(chan struct{})
	for range 24 {
		d.Emulator.FailNext(createRoute, emulator.Failure{Hold: hold, Apply: true})
	}
	id := startImport(d, p, tickets(d, "INC", 24)...)
	running := func() (n int) {
		for _, row := range rowsOf(d, id) {
			if row.State == meeting.RowRunning {
				n++
			}
		}
		return n
	}
	runImports(d)
	t.Cleanup(func() { close(hold) }) // runs before the cleanup of runImports, which waits for the rows
	desktest.Eventually(t, "eight rows run", func() bool { return running() >= 8 })
	for range 3 {
		d.WakeImports()
		time.Sleep(30 * time.Millisecond)
	}
	if n := running(); n != 8 {
		t.Errorf("%d rows run at a time, want 8", n)
	}
}
