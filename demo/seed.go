package demo

import (
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"meetdesk/emulator"
	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/paths"
)

// seed writes the demo's history. Each person signs in and submits forms over HTTP. Before
// submitting a form, seed sets the clock back to the time given in the history.
func seed(ctx context.Context, d *demoSite) error {
	visitors := make(map[string]*Visitor)
	people := []string{Alex}
	for _, act := range history {
		people = append(people, act.by)
	}
	for _, upn := range people {
		if visitors[upn] != nil {
			continue
		}
		visitors[upn] = NewVisitor(d.url)
		visitors[upn].Client.Transport = privateClient(d.private, d.privateEmulator).Transport
		if err := visitors[upn].SignIn(ctx, upn); err != nil {
			return err
		}
	}
	now := time.Now()
	defer d.clock.setBack(0)
	for _, act := range history {
		d.clock.setBack(now.Sub(workTime(now, act.daysAgo, act.at)))
		if act.fail != nil {
			d.emulator.FailNext("POST /me/onlineMeetings/createOrGet", *act.fail)
		}
		if err := visitors[act.by].Create(ctx, act.form(now)); err != nil {
			return err
		}
	}
	d.clock.setBack(0)
	if err := seedPresets(ctx, visitors[Alex]); err != nil {
		return err
	}
	for _, v := range visitors {
		if _, err := v.Do(ctx, http.MethodPost, paths.Logout, nil); err != nil {
			return err
		}
	}
	return nil
}

// seedPresets adds the demo's presets. The visitor must be signed in as an administrator.
func seedPresets(ctx context.Context, admin *Visitor) error {
	for _, p := range []url.Values{
		{
			meeting.FieldPresetName: {"Remote support"}, meeting.FieldSubject: {"Remote support {ticket}"}, meeting.FieldDuration: {"15"},
			string(meeting.OptionLobby): {"everyone"},
		},
		{
			meeting.FieldPresetName: {"Change review"}, meeting.FieldPresetPrefix: {"CHG-"}, meeting.FieldSubject: {"Review of {ticket}"}, meeting.FieldDuration: {"60"},
			string(meeting.OptionLobby): {"invited"}, string(meeting.OptionRecord): {meeting.On},
		},
	} {
		if _, err := admin.Do(ctx, http.MethodPost, paths.Presets, p); err != nil {
			return err
		}
	}
	return nil
}

// workTime returns a time on a working day. The day is the given number of working days
// before now, or after now if the number is negative. The clock parameter is the time of
// day in UTC, such as "09:12".
func workTime(now time.Time, days int, clock string) time.Time {
	step := -1
	if days < 0 {
		step, days = 1, -days
	}
	at, _ := time.Parse("15:04", clock)
	day := time.Date(now.Year(), now.Month(), now.Day(), at.Hour(), at.Minute(), 0, 0, time.UTC)
	for days > 0 {
		day = day.AddDate(0, 0, step)
		if day.Weekday() != time.Saturday && day.Weekday() != time.Sunday {
			days--
		}
	}
	return day
}

// act is a form that a person in the demo's history submitted.
type act struct {
	by        string // UPN
	organizer string // UPN of the organizer; "" if the person who submitted the form is the organizer
	daysAgo   int    // how many working days ago it was submitted
	at        string // time of day in UTC at which it was submitted
	ticket    string
	subject   string
	ahead     int    // working days from today until the meeting; negative for a past meeting
	start     string // local time
	minutes   int
	zone      string
	people    []string
	fail      *emulator.Failure // the failure that Graph returns; nil if the request succeeds
}

func (a act) form(now time.Time) url.Values {
	start := workTime(now, -a.ahead, a.start)
	end := start.Add(time.Duration(a.minutes) * time.Minute)
	return url.Values{
		meeting.FieldExternalID: {a.ticket}, meeting.FieldSubject: {a.subject},
		meeting.FieldDate: {start.Format(time.DateOnly)}, meeting.FieldStart: {start.Format("15:04")}, meeting.FieldEnd: {end.Format("15:04")},
		meeting.FieldTimeZone: {a.zone}, meeting.FieldAttendees: {strings.Join(a.people, "\n")},
		meeting.FieldOrganizer: {objectID(a.organizer)}, form.FieldAnyway: {"1"}, // create the meeting even if a colleague already has one for the ticket
	}
}

func objectID(upn string) string {
	for _, p := range emulator.Cast() {
		if p.UPN == upn {
			return p.ObjectID
		}
	}
	return ""
}

// Visitor is an HTTP client that acts as a person's browser. It keeps cookies.
type Visitor struct {
	Site   *url.URL
	Client *http.Client
}

// NewVisitor returns a visitor to the site who has not signed in.
func NewVisitor(site *url.URL) *Visitor {
	jar, _ := cookiejar.New(nil) // cannot fail without options
	return &Visitor{Site: site, Client: &http.Client{Jar: jar, Timeout: 30 * time.Second}}
}

// SignIn signs in the person with the given UPN.
func (v *Visitor) SignIn(ctx context.Context, upn string) error {
	_, err := v.Do(ctx, http.MethodGet, SignInPath(upn), nil)
	return err
}

// SignInPath returns the path that signs the person in without prompting for an account.
func SignInPath(upn string) string {
	return paths.With(paths.Login, url.Values{"login_hint": {upn}})
}

// Create submits the form for a new meeting. It returns an error unless the response
// redirects to a meeting.
func (v *Visitor) Create(ctx context.Context, form url.Values) error {
	end, err := v.Do(ctx, http.MethodPost, paths.Meetings, form)
	if err != nil {
		return err
	}
	if _, ok := paths.MeetingID(end.Path); !ok {
		return fmt.Errorf("the form for %s ended at %s", form.Get(meeting.FieldExternalID), end)
	}
	return nil
}

// Do sends a request, follows redirects, and returns the final URL. A final status other
// than 200 is an error.
func (v *Visitor) Do(ctx context.Context, method, path string, form url.Values) (end *url.URL, err error) {
	r, err := http.NewRequestWithContext(ctx, method, v.Site.String()+path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := v.Client.Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s %s: %s", method, path, resp.Status)
	}
	return resp.Request.URL, nil
}
