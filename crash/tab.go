package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"

	"meetdesk/form"
	"meetdesk/meeting"
)

// tab simulates a tab in a person's browser. It performs one action at a time.
type tab struct {
	*person
	rng    *rand.Rand
	ledger *ledger
	others []*person
	word   func() string              // returns a unique word
	ticket func(prefix string) string // returns a unique external ID
	life   func() int64               // identifies the desk process
	shared []string                   // external IDs that several people use in this round
	report func(kind, format string, args ...any)

	sessionEnded func(what string) // called when the session ends, unless the person signed out
}

// act is an action that people perform with a frequency proportional to its weight.
type act struct {
	weight int
	do     func(*tab, context.Context) error
}

var acts = []act{
	{30, (*tab).create}, {20, (*tab).change}, {6, (*tab).remove}, {9, (*tab).handOver}, {6, (*tab).refresh},
	{8, (*tab).note}, {5, (*tab).mark}, {4, (*tab).adopt}, {8, (*tab).look}, {1, (*tab).leave},
}

// work performs random actions until the context is done. It always completes an action
// that it has started.
func (t *tab) work(until context.Context) {
	total := 0
	for _, a := range acts {
		total += a.weight
	}
	ctx := context.WithoutCancel(until)
	for until.Err() == nil {
		err := t.signIn(ctx)
		if err == nil {
			n := t.rng.IntN(total)
			for _, a := range acts {
				if n -= a.weight; n < 0 {
					err = a.do(t, ctx)
					break
				}
			}
		}
		if err != nil { // usually because a process is down
			time.Sleep(time.Duration(20+t.rng.IntN(60)) * time.Millisecond)
		}
	}
}

// see requests a page and records what the page says about a meeting.
func (t *tab) see(ctx context.Context, path string) (page, error) {
	begun, before := time.Now(), t.session()
	p, err := t.get(ctx, path)
	return p, t.noted(p, err, begun, before)
}

// send submits a form and records what the resulting page says about a meeting.
func (t *tab) send(ctx context.Context, path string, fields url.Values) (page, error) {
	begun, before := time.Now(), t.session()
	p, err := t.post(ctx, path, fields)
	return p, t.noted(p, err, begun, before)
}

var errSignedOut = errors.New("not signed in")

// noted records what a page says, unless the person is signed out. The before parameter is
// the person's session at the time of the request.
func (t *tab) noted(p page, err error, begun time.Time, before session) error {
	if err != nil {
		return err
	}
	if p.identity == "" && p.status < http.StatusInternalServerError {
		if before.signedIn && before == t.session() {
			t.sessionEnded(fmt.Sprintf("%s was signed in, and %s with status %d is a page for nobody", t.upn, p.path, p.status))
		}
		t.lostSession()
		return errSignedOut
	}
	t.ledger.shown(t.upn, p, begun)
	return nil
}

// choose returns the ID of a random meeting that satisfies the predicate.
func (t *tab) choose(ok func(*told) bool) (id int64, found bool) {
	ids := t.ledger.pick(ok)
	if len(ids) == 0 {
		return 0, false
	}
	return ids[t.rng.IntN(len(ids))], true
}

// own reports whether the person organizes the meeting and no page has shown it as removed.
func (t *tab) own(m *told) bool {
	return m.slot.organizer == t.upn && !m.removed
}

func (t *tab) meetingForm(externalID, title string) url.Values {
	fields := url.Values{"external_id": {externalID}, "subject": {title}, "time_zone": {"Europe/Lisbon"}, form.FieldFormID: {t.word()}}
	t.setTimes(fields)
	if t.rng.IntN(2) == 0 {
		t.setPeople(fields)
	}
	if t.rng.IntN(3) == 0 {
		t.setOptions(fields)
	}
	return fields
}

// setTimes sets a start time on one of the next nine days and a duration of less than an
// hour.
func (t *tab) setTimes(fields url.Values) {
	start := time.Date(0, 1, 1, 8+t.rng.IntN(9), t.rng.IntN(60), 0, 0, time.UTC)
	fields.Set("date", time.Now().UTC().AddDate(0, 0, 1+t.rng.IntN(9)).Format(time.DateOnly))
	fields.Set("start", start.Format("15:04"))
	fields.Set("end", start.Add(time.Duration(1+t.rng.IntN(59))*time.Minute).Format("15:04"))
}

// setPeople sets a random list of attendees. Only people in the directory have roles.
func (t *tab) setPeople(fields url.Values) {
	roles, lines := []string{"", "", " presenter", " co-organizer"}, []string{}
	for _, p := range t.others {
		if p.upn != t.upn && t.rng.IntN(2) == 0 {
			lines = append(lines, "<"+p.upn+">"+roles[t.rng.IntN(len(roles))])
		}
	}
	if t.rng.IntN(3) == 0 {
		lines = append(lines, t.word()+"@fabrikam.example")
	}
	fields.Set("attendees", strings.Join(lines, "\n"))
}

// setOptions sets the options to random values. If an attendee has the presenter role, the
// presenters option is either PresentersByRole or empty.
func (t *tab) setOptions(fields url.Values) {
	for _, o := range meeting.AllOptions() {
		choices := append(o.Values(), "")
		if property(o) == presenters && hasPresenter(peopleIn(fields.Get("attendees"))) {
			choices = []string{meeting.PresentersByRole, ""}
		}
		fields.Set(string(o), choices[t.rng.IntN(len(choices))])
	}
}

// outcome is the result of submitting a form, as far as it is evident from the response.
type outcome int

const (
	unknown outcome = iota // the response did not arrive, or does not show what happened
	unsent                 // the page says that nothing was sent to Graph
	recorded
)

// outcomeOf returns the outcome of submitting a form to the given path. A redirect to a
// meeting means that the attempt was recorded.
func outcomeOf(p page, action string) outcome {
	if _, again := p.form(action); again && (p.status == http.StatusConflict || p.status == http.StatusUnprocessableEntity) {
		return unsent
	}
	for _, hop := range p.hops {
		if strings.HasPrefix(hop.Path, "/meetings/") {
			return recorded
		}
	}
	return unknown
}

// maxLook is the longest time after which sendPatiently closes a tab that is still loading.
const maxLook = 80 * time.Millisecond

// sendPatiently submits a form. If the connection breaks, it gives up or keeps submitting
// the form, as a browser does when the page is reloaded. Now and then, it closes the tab
// after less than maxLook. The result again reports whether the form was submitted more than
// once.
func (t *tab) sendPatiently(ctx context.Context, path string, fields url.Values) (p page, again bool, err error) {
	if t.rng.IntN(16) == 0 { // close the tab, possibly before the response arrives
		soon, cancel := context.WithTimeout(ctx, random(t.rng, maxLook))
		defer cancel()
		p, err = t.send(soon, path, fields)
		return p, false, err
	}
	p, err = t.send(ctx, path, fields)
	for try := 0; errors.Is(err, errBroken) && try < 40 && outcomeOf(p, path) == unknown; try++ {
		if try == 0 && t.rng.IntN(2) == 0 {
			return p, false, err
		}
		time.Sleep(50 * time.Millisecond)
		again = true
		p, err = t.send(ctx, path, fields)
	}
	return p, again, err
}

func unexpected(what string, p page) error {
	return fmt.Errorf("%s: %s with status %d", what, p.path, p.status)
}
