package desk_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/desk/desktest"
	"meetdesk/emulator"
	"meetdesk/meeting"
)

// If a person is signed out during an operation, the operation sends no further requests
// to Graph. Its attempt ends with ReasonSignIn.
func TestRunningRequestStopsAtSignOut(t *testing.T) {
	t.Parallel()
	for name, who := range map[string]string{"delegated": priya, "application": dana} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := desktest.New(t, withOrganizers(priya))
			p := d.SignIn(who)
			route := "POST /me/onlineMeetings/createOrGet"
			var forPriya []func(*meeting.Request)
			if who == dana {
				route = "POST /users/{user}/onlineMeetings/createOrGet"
				forPriya = append(forPriya, func(r *meeting.Request) { r.Organizer = priyaID })
			}
			d.Emulator.FailNext(route, emulator.Failure{Status: http.StatusServiceUnavailable, Header: http.Header{"Retry-After": {"1"}}})
			done := make(chan meeting.Meeting, 1)
			go func() { done <- create(d, p, forPriya...) }()
			isSent := func(r emulator.Request) bool { return strings.HasSuffix(r.Path, "/createOrGet") }
			for !slices.ContainsFunc(d.Emulator.Requests(), isSent) {
				time.Sleep(5 * time.Millisecond)
			}
			if err := d.Store.SignOutPerson(t.Context(), p.User.ID, p.User.ID, 0); err != nil {
				t.Fatal(err)
			}
			m := <-done
			a := d.Attempts(m.ID)[0]
			if a.State == meeting.AttemptDone || a.State == meeting.AttemptPending || a.Reason != meeting.ReasonSignIn || len(a.Calls) != 1 || d.Emulator.MeetingCount() != 0 {
				t.Errorf("the attempt is %s for %q after %d calls; Graph has %d meetings", a.State, a.Reason, len(a.Calls), d.Emulator.MeetingCount())
			}
		})
	}
}
