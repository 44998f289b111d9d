package desk_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"meetdesk/desk/desktest"
	"meetdesk/meeting"
)

// lookUpLimit is the maximum total time for the look-ups of one operation.
const lookUpLimit = 3 * time.Second

// hung simulates a directory that does not answer and records the deadlines of the look-ups.
// To save time, all look-ups fail as soon as atOnce of them have begun.
type hung struct {
	atOnce int
	begun  chan struct{} // closed when atOnce look-ups have begun

	mu        sync.Mutex
	lookUps   int
	longest   time.Duration // the longest time until a look-up's deadline
	deadlines map[time.Time]bool
}

func (h *hung) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.Contains(r.URL.Path, "/users") {
		return http.DefaultTransport.RoundTrip(r)
	}
	left := time.Duration(1<<63 - 1)
	until, ok := r.Context().Deadline()
	if ok {
		left = time.Until(until)
	}
	h.mu.Lock()
	h.longest = max(h.longest, left)
	h.deadlines[until] = true
	if h.lookUps++; h.lookUps == h.atOnce {
		close(h.begun)
	}
	h.mu.Unlock()
	select {
	case <-h.begun:
	case <-r.Context().Done():
	}
	return nil, errors.Join(errors.New("no answer"), context.DeadlineExceeded)
}

// TestADirectoryThatHangs checks that the look-ups of an operation share one deadline, which
// is at most lookUpLimit away. The operation itself may take longer.
func TestADirectoryThatHangs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name            string
		lookUps, atOnce int // lookUps is a minimum, because failed look-ups may be retried
		act             func(*desktest.Desk)
	}{
		{"people for a form", 1, 1, func(d *desktest.Desk) {
			if _, err := d.SearchPeople(t.Context(), d.SignIn(priya), "tomas"); meeting.CodeOf(err) != meeting.Unavailable {
				t.Errorf("the search returned %v", err)
			}
		}},
		{"roles", 2, 2, func(d *desktest.Desk) {
			p := d.SignIn(priya)
			r := request(d, attendees(presenter(tomas), presenter(alex)))
			if problems := d.CheckRoles(t.Context(), p, p.User, &r, nil); len(problems) != 0 {
				t.Errorf("problems %v for colleagues", problems)
			}
		}},
		{"attendees", 2, 2, func(d *desktest.Desk) {
			d.Budget = time.Minute
			create(d, d.SignIn(priya), attendees(person(tomas), person(alex)))
		}},
		{"organizers", 2, 1, func(d *desktest.Desk) {
			if list := d.Organizers(t.Context(), d.SignIn(dana).User); len(list) != 0 {
				t.Errorf("organizers %v", list)
			}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			change := withDirectory()
			if tt.name == "organizers" {
				change = withOrganizers([]string{}...) // opening the desk must not cause look-ups
			}
			d, h := desktest.New(t, change), &hung{atOnce: tt.atOnce, begun: make(chan struct{}), deadlines: make(map[time.Time]bool)}
			if tt.name == "organizers" {
				d.App.Organizers = []string{priya, tomas}
			}
			d.Graph.HTTP = &http.Client{Transport: h}
			tt.act(d)
			if h.lookUps < tt.lookUps || len(h.deadlines) != 1 || h.longest > lookUpLimit {
				t.Errorf("%d look-ups with %d deadlines, for up to %v; want at least %d, with one deadline", h.lookUps, len(h.deadlines), h.longest, tt.lookUps)
			}
		})
	}
}
