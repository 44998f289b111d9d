package desk_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"meetdesk/desk/desktest"
	"meetdesk/meeting"
)

// lookUpLimit is how long all the look-ups that one form needs may take together.
const lookUpLimit = 3 * time.Second

// hung simulates a directory that does not answer. Instead of waiting, it fails each
// look-up immediately, and records the longest time that a look-up could have taken.
type hung struct {
	lookUps atomic.Int64
	longest atomic.Int64
}

func (h *hung) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.Contains(r.URL.Path, "/users") {
		return http.DefaultTransport.RoundTrip(r)
	}
	h.lookUps.Add(1)
	left := time.Duration(1<<63 - 1)
	if until, ok := r.Context().Deadline(); ok {
		left = time.Until(until)
	}
	if int64(left) > h.longest.Load() {
		h.longest.Store(int64(left))
	}
	return nil, errors.Join(errors.New("no answer"), context.DeadlineExceeded)
}

// TestADirectoryThatHangs checks that no look-up of an operation can take longer than
// lookUpLimit, even if the operation itself may take longer.
func TestADirectoryThatHangs(t *testing.T) {
	t.Parallel()
	for name, act := range map[string]func(*desktest.Desk){
		"people for a form": func(d *desktest.Desk) {
			if _, err := d.SearchPeople(t.Context(), d.SignIn(priya), "tomas"); meeting.CodeOf(err) != meeting.Unavailable {
				t.Errorf("the search returned %v", err)
			}
		},
		"roles": func(d *desktest.Desk) {
			p := d.SignIn(priya)
			r := request(d, attendees(presenter(tomas)))
			if problems := d.CheckRoles(t.Context(), p, p.User, &r, nil); len(problems) != 0 {
				t.Errorf("problems %v for a colleague", problems)
			}
		},
		"attendees": func(d *desktest.Desk) {
			d.Budget = time.Minute
			create(d, d.SignIn(priya), attendees(person(tomas)))
		},
		"organizers": func(d *desktest.Desk) {
			if list := d.Organizers(t.Context(), d.SignIn(dana).User); len(list) != 0 {
				t.Errorf("organizers %v", list)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			change := withDirectory()
			if name == "organizers" {
				change = withOrganizers([]string{}...) // opening the desk must not look anybody up
			}
			d, h := desktest.New(t, change), &hung{}
			if name == "organizers" {
				d.App.Organizers = []string{priya}
			}
			d.Graph.HTTP = &http.Client{Transport: h}
			act(d)
			if got := time.Duration(h.longest.Load()); h.lookUps.Load() == 0 || got > lookUpLimit {
				t.Errorf("%d look-ups, for up to %v", h.lookUps.Load(), got)
			}
		})
	}
}
