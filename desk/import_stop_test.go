package desk_test

import (
	"context"
	"testing"
	"time"

	"meetdesk/desk/desktest"
	"meetdesk/meeting"
)

// An import is paused even if the desk stops at that moment. Otherwise it would run again
// after a restart, and its page would not give the reason.
func TestAnImportIsPausedWhileTheDeskStops(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	id, err := d.Store.AddImport(t.Context(), meeting.Import{User: p.User, TimeZone: "UTC"}, []meeting.ImportRow{{Number: 2, ExternalID: "INC1"}})
	if err != nil {
		t.Fatal(err)
	}
	row := meeting.ImportRow{Position: 1, State: meeting.RowWaiting, ExternalID: "INC1", Request: request(d, externalID("INC1"))}
	if err := d.Store.StartImport(t.Context(), id, p.GrantID, []meeting.ImportRow{row}); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	d.Desk.Now = func() time.Time { // called when the import checks whether its EndsAt has passed
		stop()
		return time.Now().AddDate(0, 0, 2)
	}
	d.RunImports(ctx)
	if i, err := d.Store.Import(t.Context(), id); err != nil || i.State != meeting.ImportPaused || i.Reason != meeting.ReasonImportDayOver {
		t.Errorf("the import is %s, %q, %v; want it paused because its day is over", i.State, i.Reason, err)
	}
}
