package web_test

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/testenv"
)

// TestSeries covers a series across a daylight saving transition, for a ticket that
// already has a meeting.
func TestSeries(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/meetings", s.form("external_id", "INC0012345")).want(200, "Created")
	form := fields(b.get("/meetings/new?external_id=inc-0012345&subject=Review&date=2027-03-16&start=10:00&duration=30&time_zone=Europe%2FLisbon&attendees=tomas%40contoso.example%20presenter&repeat=week&times=6").want(200, "Every week, 6 times: Tue 16 Mar 2027, 10:00–10:30 Europe/Lisbon, until Tue 20 Apr 2027."))
	before := len(s.graph.Requests())
	p := b.post("/meetings", form).want(200, "inc-0012345 × 6", "6 meetings will be created.", "Meetings of the series", "You have the meeting INC0012345.", "Create inc-0012345~2", "Create inc-0012345~7", "Tue 30 Mar 2027, 10:00–10:30")
	if n := s.graph.MeetingCount(); n != 1 {
		t.Errorf("%d meetings exist before the start, want 1 (%d requests)", n, len(s.graph.Requests())-before)
	}
	s.runImports()
	p = b.checked(p, "start", url.Values{"r3.choice": {"skip"}}).want(200)
	b.waitForImport(p.url.Path, meeting.ImportDone).want(200, "5 of 5 processed")
	lisbon, _ := meeting.LoadZone("Europe/Lisbon")
	starts := make(map[string]string)
	for _, m := range s.graph.Meetings() {
		start, _ := time.Parse(time.RFC3339, fmt.Sprint(m.Document["startDateTime"]))
		starts[m.ExternalID] = start.In(lisbon).Format("01-02 15:04")
	}
	for i, day := range []string{"03-16", "03-23", "04-06", "04-13", "04-20"} {
		id := fmt.Sprintf("inc-0012345~%d", i+2)
		if starts[id] != day+" 10:00" {
			t.Errorf("%s starts at %q, want %s 10:00", id, starts[id], day)
		}
	}
	if len(starts) != 6 {
		t.Errorf("Microsoft has %v, want 6 meetings", starts)
	}
}

// TestSeriesOfANewTicket checks that the external ID of a ticket's first meeting has no
// suffix.
func TestSeriesOfANewTicket(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	values := s.form("external_id", "INC0000009", "repeat", "month", "times", "")
	p := b.post("/meetings", values).want(422, "Enter how many meetings the series has, from 2 to 52")
	if got := fields(p); got.Get("repeat") != "month" || p.doc.Find("details.options[open]").Length() != 1 {
		t.Errorf("the form has the series %q, and its options are closed", got.Get("repeat"))
	}
	values.Set("times", "3")
	b.post("/meetings", values).want(200, "3 meetings will be created.", "Create INC0000009INC", "Create INC0000009~2", "Create INC0000009~3")
	if n := s.graph.MeetingCount(); n != 0 {
		t.Errorf("%d meetings exist before the start", n)
	}
}

func TestSeriesStartsNow(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	now := s.now().UTC()
	b.post("/meetings", s.form("external_id", "INC1", "time_zone", "UTC", "now", "1", "repeat", "week", "times", "2")).
		want(200, "2 meetings will be created", now.AddDate(0, 0, 7).Format("Mon 2 Jan 2006"))
}

// TestSeriesOnAColleaguesTicket checks that the dry run of a series names a colleague's
// meeting, and that a long series counts as few look-ups.
func TestSeriesOnAColleaguesTicket(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withLimit("tickets", 30))
	s.signIn(tomas).post("/meetings", s.form("external_id", "INC0000004")).want(200)
	b := s.signIn(priya)
	for range 2 {
		b.post("/meetings", s.form("external_id", "INC0000004", "repeat", "day", "times", "52")).
			want(200, "52 meetings will be created.", "Tomás Oliveira has the meeting INC0000004.", "Create INC0000004~2", "Create INC0000004~53")
	}
}

// TestDaysOfASeriesAreLeftOut checks that any day of a series for a new ticket can be left
// out. The first remaining day gets the ticket's number without a suffix.
func TestDaysOfASeriesAreLeftOut(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	p := b.post("/meetings", s.form("external_id", "INC0000009", "repeat", "day", "times", "4")).want(200, "4 meetings will be created.")
	p = b.checked(p, "check", url.Values{"r1.choice": {"skip"}, "r3.choice": {"skip"}}).
		want(200, "2 meetings will be created, 2 rows left out.", "Create INC0000009INC", "Create INC0000009~2")
	b.checked(p, "start", nil).want(200, "0 of 2 processed, 2 rows left out")
	if got := s.importRows(); got != "INC0000009 left import.skipped, INC0000009 waiting , INC0000009 left import.skipped, INC0000009~2 waiting " {
		t.Errorf("the rows are %s", got)
	}
	p = b.post("/meetings", s.form("external_id", "INC0000010", "repeat", "day", "times", "2")).want(200)
	b.checked(p, "start", url.Values{"r1.choice": {"skip"}}).want(200, "0 of 1 processed, 1 row left out")
}

// TestSeriesCanBeChanged checks that the person can go back from the dry run to the form,
// which still contains everything that was typed. Submitting it again replaces the earlier
// draft, but not an uploaded list or another person's draft.
func TestSeriesCanBeChanged(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b, o := s.signIn(priya), s.signIn(tomas)
	uploaded := b.paste("Ticket", "INC1").want(200).url.Path
	theirs := o.post("/meetings", s.form("external_id", "INC2", "repeat", "day", "times", "2")).want(200).url.Path
	typed := s.form("external_id", "INC0000009", "repeat", "week", "times", "3", "lobby", "invited")
	p := b.post("/meetings", typed).want(200, "3 meetings will be created.")
	before := p.url.Path
	p = b.press(p, "Change the series").want(200, "New meeting")
	sent := fields(p)
	for name := range typed {
		if lines(sent, name) != lines(typed, name) {
			t.Errorf("%s is %q, want %q", name, sent[name], typed[name])
		}
	}
	sent.Set("times", "100")
	p = b.post("/meetings", sent).want(422, "from 2 to 52")
	sent = fields(p)
	sent.Set("times", "4")
	b.post("/meetings", sent).want(200, "4 meetings will be created.")
	b.get(before).want(404)
	for _, other := range []string{uploaded, theirs, "/imports/987654"} {
		sent.Set("draft", other[len("/imports/"):])
		b.post("/meetings", sent).want(200, "4 meetings will be created.")
	}
	b.get(uploaded).want(200)
	o.get(theirs).want(200)
}
