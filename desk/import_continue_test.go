package desk_test

import (
	"testing"
	"time"

	"meetdesk/desk"
	"meetdesk/desk/desktest"
	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/testenv"
)

// After an import is continued, no worker may pause it again for the reason that paused it
// before. Workers that were busy during the pause still have the ended grant and the old
// deadline.
func TestAContinuedImportStaysContinued(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for name, interrupt := range map[string]func(t *testing.T, d *desktest.Desk, id int64, old desk.Actor){
		"its sign-in ends": func(t *testing.T, d *desktest.Desk, _ int64, old desk.Actor) {
			if err := d.Store.EndGrant(t.Context(), old.GrantID); err != nil {
				t.Fatal(err)
			}
		},
		"its day is over": func(_ *testing.T, d *desktest.Desk, _ int64, _ desk.Actor) { d.SetAhead(25 * time.Hour) },
		"its person pauses it and signs in again": func(t *testing.T, d *desktest.Desk, id int64, old desk.Actor) {
			d.Exec(`DELETE FROM sessions WHERE grant_id = $1`, old.GrantID) // the grant remains, because the import uses it
			if err := d.Store.PauseImport(t.Context(), id, old.User.ID, meeting.ReasonImportPerson); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := desktest.New(t)
			old, now := d.SignIn(priya), d.SignIn(priya)
			hold := make(chan struct{})
			for range 7 { // one worker remains to notice that the day is over
				d.Emulator.FailNext(createRoute, emulator.Failure{Hold: hold, Apply: true})
			}
			id := startImport(d, old, tickets(d, "A", 40)...)
			runImports(d)
			desktest.Eventually(t, "seven rows wait for Microsoft", func() bool {
				i, err := d.Store.Import(t.Context(), id)
				return err == nil && i.Counts.Running >= 7
			})
			interrupt(t, d, id, old)
			desktest.Eventually(t, "the import pauses", isImport(t, d, id, meeting.ImportPaused))
			if err := d.Store.ResumeImport(t.Context(), id, now.GrantID); err != nil {
				t.Fatal(err)
			}
			d.WakeImports()
			close(hold)
			desktest.Eventually(t, "the import ends or pauses", func() bool { return !isImport(t, d, id, meeting.ImportRunning)() })
			i, err := d.Store.Import(t.Context(), id)
			if err != nil || i.State != meeting.ImportDone || i.Counts.Created != 40 {
				t.Errorf("the import is %s, %q, with %+v, %v; want all rows created", i.State, i.Reason, i.Counts, err)
			}
		})
	}
}
