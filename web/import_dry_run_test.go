package web_test

import (
	"net/url"
	"strings"
	"testing"

	"meetdesk/meeting"
	"meetdesk/testenv"
)

func existingCell(p *page, ticket string) string {
	return strings.Join(strings.Fields(p.doc.Find(`tr:contains("`+ticket+`") td[data-label="Already exists"]`).Text()), " ")
}

// TestDryRunShowsExistingMeetings checks that the dry run shows when an existing meeting
// takes place, and its subject if the meeting is the person's own. A meeting to which the
// person no longer has access cannot be used.
func TestDryRunShowsExistingMeetings(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, o := s.signIn(priya), s.signIn(tomas)
	b.post("/meetings", s.form("external_id", "INC1", "subject", "My review")).want(200)
	o.post("/meetings", s.form("external_id", "INC2", "subject", "Secret", "time_zone", "Asia/Kolkata")).want(200)
	where := o.post("/meetings", s.form("external_id", "INC3", "subject", "Secret")).want(200).url.Path
	b.post(where+"/hand-over", s.form("external_id", "INC3")).want(200)
	question := o.get(o.get(where).doc.Find(`main a[href*="end-access"]`).AttrOr("href", "")).want(200)
	o.post(where+"/end-access", fieldsOf(question, "/end-access")).want(200)

	p := b.paste("Ticket\tSubject\tDate\tStart\tMinutes", "INC1\tExam\t"+day(s, 3)+"\t11:00\t30", "INC2\tExam\t"+day(s, 3)+"\t11:00\t30", "INC3\tExam\t"+day(s, 3)+"\t11:00\t30").
		want(200, "0 meetings will be created, 2 exist already, 1 row left out.", "An existing meeting that you use stays as it is.")
	tomorrow := s.now().UTC().AddDate(0, 0, 1).Format("Mon 2 Jan 2006")
	for ticket, want := range map[string]string{
		"INC1": "You have the meeting INC1.My review " + tomorrow + ", 10:00–10:30 Europe/Lisbon",
		"INC2": "Tomás Oliveira has the meeting INC2. " + tomorrow + ", 0",
		"INC3": "Tomás Oliveira has the meeting INC3. " + tomorrow + ", 10:00–10:30 Europe/Lisbon",
	} {
		if got := existingCell(p, ticket); !strings.HasPrefix(got, want) {
			t.Errorf("%s: the existing meeting is %q, want %q", ticket, got, want)
		}
	}
	if strings.Contains(p.text(), "Secret") {
		t.Error("the page shows the subject of a colleague's meeting")
	}
	if n := p.doc.Find(`[name="r3.choice"] [value="use"]`).Length(); n != 0 || !strings.Contains(existingCell(p, "INC3"), "Ask Tomás Oliveira to give it again.") {
		t.Errorf("the page offers a meeting that the person may not use: %s", existingCell(p, "INC3"))
	}
}

// TestStartStopsAtOtherMeetings checks that an import does not use a meeting that the page
// did not show.
func TestStartStopsAtOtherMeetings(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	s.signIn(tomas).post("/meetings", s.form("external_id", "INC1")).want(200)
	b := s.signIn(priya)
	p := b.paste(rowsOf(s, "INC1")...).want(200, "Tomás Oliveira has the meeting INC1.")
	b.post("/meetings", s.form("external_id", "INC1", "anyway", "1")).want(200)
	p = b.checked(p, "start", nil).want(422, "Nothing was started", "You have the meeting INC1.")
	b.checked(p, "start", nil).want(200, "0 of 1 processed")
}

// TestUnclearDatesWait checks that rows with ambiguous dates count as waiting, and that the
// page says so if the person does not choose a date order.
func TestUnclearDatesWait(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/preferences", url.Values{"language": {"en"}}).want(200)
	next := s.now().AddDate(1, 0, 0).Format("2006")
	p := b.paste("Ticket\tDate\tStart", "INC1\t3/4/"+next+"\t10:00", "INC2\t4/4/"+next+"\t10:00", "INC3\t5/6/"+next+"\tten").want(200, "1 meeting will be created, 2 rows wait for your choice below.")
	if strings.Contains(p.text(), "At the time of creation") || p.doc.Find("#problems, fieldset.wrong").Length() != 0 {
		t.Errorf("the page shows times or errors before the answer:\n%s", p.text())
	}
	for _, act := range []string{"check", "start"} {
		p = b.checked(p, act, nil).want(422, "A choice is missing", "2 rows wait for your choice below.")
		where := p.doc.Find(`#problems a`).AttrOr("href", "")
		if p.doc.Find(where).AttrOr("name", "") != "date_order" || strings.TrimSpace(p.doc.Find("fieldset.wrong .error").Text()) != "Choose which day “3/4/"+next+"” is" {
			t.Errorf("after %q, the summary links to %q, and the question has the error %q", act, where, p.doc.Find("fieldset.wrong .error").Text())
		}
	}
	b.checked(p, "check", url.Values{"date_order": {"mdy"}}).want(200, "2 meetings will be created, 1 row has problems.", "Row 4, Start")
}

// TestZoneOfTheTable checks that the time zone of the table can be changed in the dry run
// and applies only to rows that do not name a time zone.
func TestZoneOfTheTable(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.runImports()
	b := s.signIn(priya)
	tomorrow := s.now().UTC().AddDate(0, 0, 1).Format("Mon 2 Jan 2006")
	rows := "Ticket\tDate\tStart\tTime zone\nINC1\t" + day(s, 1) + "\t10:00\t\nINC2\t" + day(s, 1) + "\t10:00\tEurope/Lisbon"
	p := b.post("/imports", url.Values{"rows": {rows}}).want(200, "1 meeting will be created, 1 row waits for your choice below.")
	p = b.checked(p, "check", url.Values{"time_zone": {"Mars/Olympus"}}).want(422, "A choice is missing")
	if href := p.doc.Find("#problems a").AttrOr("href", ""); href != "#time_zone" || p.doc.Find(".wrong #time_zone").Length() != 1 {
		t.Errorf("the summary links to %q", href)
	}
	p = b.checked(p, "check", url.Values{"time_zone": {"Europe/Lisbon"}}).want(200, "2 meetings will be created.")
	p = b.checked(p, "check", url.Values{"time_zone": {"Asia/Kolkata"}}).want(200, tomorrow+", 10:00–11:00 Asia/Kolkata (UTC+05:30)", tomorrow+", 10:00–11:00 Europe/Lisbon")
	if got := p.doc.Find(`#time_zone [selected]`).Text(); got != "Asia/Kolkata" {
		t.Errorf("the page has the time zone %q", got)
	}
	p = b.checked(p, "start", url.Values{"time_zone": {"Asia/Tokyo"}}).want(200)
	b.waitForImport(p.url.Path, meeting.ImportDone)
	if a, b := newest(t, s, "INC1"), newest(t, s, "INC2"); a.TimeZone != "Asia/Tokyo" || a.Start.UTC().Format("15:04") != "01:00" || b.TimeZone != "Europe/Lisbon" {
		t.Errorf("the meetings start at %s (%s) and %s (%s)", a.Start, a.TimeZone, b.Start, b.TimeZone)
	}
	result := b.get(p.url.Path + "/result.csv").want(200).body
	if !strings.Contains(result, "Asia/Tokyo") || !strings.Contains(result, "Europe/Lisbon") {
		t.Errorf("the result lacks the time zones:\n%s", result)
	}
}

// TestChangedZoneShowsNewProblems checks that an import does not start if a row's time does
// not exist in the newly chosen time zone.
func TestChangedZoneShowsNewProblems(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	p := b.paste("Ticket\tDate\tStart", "INC1\t2027-03-28\t01:30", "INC2\t2027-03-29\t01:30").want(200)
	p = b.checked(p, "check", url.Values{"time_zone": {"UTC"}}).want(200, "2 meetings will be created.")
	b.checked(p, "start", url.Values{"time_zone": {"Europe/Lisbon"}}).want(422, "Nothing was started", "1 row has a problem", "Row 2, Start")
}
