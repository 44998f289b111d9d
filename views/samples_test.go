package views_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"meetdesk/locale"
	"meetdesk/meeting"
	"meetdesk/static"
	"meetdesk/views"
)

var (
	now    = time.Date(2027, 3, 2, 15, 4, 5, 0, time.UTC)
	priya  = meeting.User{ID: 1, Name: "Priya Nair", UPN: "priya@contoso.example", Role: meeting.Staff}
	tomas  = meeting.User{ID: 2, Name: "Tomás Oliveira", UPN: "tomas@contoso.example", Role: meeting.Staff}
	dana   = meeting.User{ID: 3, Name: "Dana Whitfield", UPN: "dana@contoso.example", Role: meeting.HelpDesk}
	alex   = meeting.User{ID: 4, Name: "Alex Admin", UPN: "alex@contoso.example", Role: meeting.Admin}
	sam    = meeting.User{ID: 5, Name: "Sam Norole", UPN: "sam@contoso.example"}
	lisbon = mustZone("Europe/Lisbon")
)

func mustZone(name string) *time.Location {
	zone, ok := meeting.LoadZone(name)
	if !ok {
		panic(name)
	}
	return zone
}

// english returns the printer that the tests read by.
func english(t testing.TB) locale.Printer {
	t.Helper()
	c, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c.Printer("en")
}

func page(t testing.TB, user meeting.User, title, path string) views.Page {
	t.Helper()
	files, err := static.New()
	if err != nil {
		t.Fatal(err)
	}
	return views.Page{Title: title, T: english(t), User: user, Path: path, Static: files.URL}
}

// live is a meeting with everything that Graph can give.
func live(id int64, externalID, subject string, start time.Time, organizer meeting.User) meeting.Meeting {
	return meeting.Meeting{
		ID: id, Organizer: organizer, Maker: organizer, State: meeting.Live, Origin: meeting.Created, TimeZone: "Europe/Lisbon",
		Details: meeting.Details{
			ExternalID: externalID, Subject: subject, Start: start, End: start.Add(30 * time.Minute),
			JoinURL:       "https://teams.microsoft.com/l/meetup-join/19%3ameeting_NGM4ZTk0MzEtYWQ0Mi00YmIyLTk4MTItNzE2YTM0MmY1MWMx%40thread.v2/0?context=%7b%22Tid%22%3a%22aadc5d1f-19e5-4ec4-9b1e-7f2f5f8c7a11%22%7d",
			JoinMeetingID: "2345678901234", Passcode: "aB3xYz", ConferenceID: "123456789", TollNumber: "+351 21 000 0000", TollFreeNumber: "800 000 000",
			Attendees: []meeting.Attendee{
				{UPN: "tomas@contoso.example", Name: "Tomás Oliveira", Role: meeting.RolePresenter},
				{UPN: "caller@fabrikam.example"},
			},
		},
	}
}

// unconfirmed turns a meeting into one that Graph has not confirmed.
func unconfirmed(m meeting.Meeting, state meeting.State) meeting.Meeting {
	m.State, m.Origin = state, ""
	m.JoinURL, m.JoinMeetingID, m.Passcode, m.ConferenceID, m.TollNumber, m.TollFreeNumber = "", "", "", "", "", ""
	return m
}

func attempt(m meeting.Meeting, kind meeting.Kind, state meeting.AttemptState, outcome meeting.Outcome, reason string, calls ...meeting.Call) meeting.Attempt {
	return meeting.Attempt{
		ID: 40 + int64(len(calls)), MeetingID: m.ID, Actor: m.Organizer, Kind: kind, State: state, Outcome: outcome, Reason: reason,
		Asked:     meeting.Asked{ExternalID: m.ExternalID, Subject: m.Subject, Start: m.Start, End: m.End, TimeZone: m.TimeZone, Attendees: m.Attendees},
		CreatedAt: now.Add(-2 * time.Minute), UpdatedAt: now.Add(-2 * time.Minute), Calls: calls,
	}
}

func call(status int, code string) meeting.Call {
	c := meeting.Call{
		Method: "POST", Status: status, Code: code, StartedAt: now.Add(-2 * time.Minute), Duration: 412 * time.Millisecond,
		ClientRequestID: "6f1d6f2e-9a0e-4d7e-8f55-0f1d6a2b3c4d", RequestID: "b2c3d4e5-0a1b-4c2d-9e8f-112233445566",
	}
	if status == 0 {
		c.RequestID, c.Unsure, c.Duration = "", true, 10*time.Second
	}
	return c
}

type sample struct {
	name string
	page templ.Component
}

// samples are all pages in all their states, with people's real troubles in
// them: very long words, markup in texts, nothing at all.
func samples(t testing.TB) []sample {
	t.Helper()
	var list []sample
	list = append(list, homeSamples(t)...)
	list = append(list, formSamples(t)...)
	list = append(list, meetingSamples(t)...)
	list = append(list, historySamples(t)...)
	return append(list, errorSamples(t)...)
}

func homeSamples(t testing.TB) []sample {
	p := page(t, priya, "Home", "/")
	practice := p
	practice.Emulator = true
	start := time.Date(2027, 3, 3, 10, 0, 0, 0, time.UTC)
	upcoming := []meeting.Meeting{
		live(1, "INC0012345", "Laptop does not start after the update", start, priya),
		live(2, "CASE-77-2027", "Enrolment interview: Mrs Almeida and her son", start.Add(4*time.Hour), priya),
		live(3, "INC0012345~2", "", start.Add(26*time.Hour), priya),
	}
	return []sample{
		{"home", views.Home(practice, views.HomeData{
			Upcoming: upcoming, Zone: lisbon,
			Unfinished: []meeting.Meeting{unconfirmed(live(4, "INC0012399", "Second screen", start, priya), meeting.Unfinished)},
			Failed: []meeting.Meeting{
				unconfirmed(live(5, "REQ-5", "VPN from home", start, priya), meeting.Failed),
				unconfirmed(live(6, "REQ-6", "Printer on the third floor", start, priya), meeting.Failed),
			},
		})},
		{"home-empty", views.Home(p, views.HomeData{Zone: lisbon})},
		{"home-calm", views.Home(p, views.HomeData{Zone: lisbon, Upcoming: upcoming})},
	}
}

func formSamples(t testing.TB) []sample {
	p := page(t, priya, "New meeting", "/meetings/new")
	filled := meeting.Form{
		ExternalID: "INC0012345", Subject: "Laptop does not start", Date: "2027-03-03", Start: "10:00", End: "10:30",
		TimeZone: "Europe/Lisbon", Attendees: "Tomás Oliveira <tomas@contoso.example> presenter\ncaller@fabrikam.example\n", FormID: "f-1",
	}
	wrong := meeting.Form{
		ExternalID: `<b>"x"</b>`, Subject: strings.Repeat("long ", 60), Date: "3 March", Start: "25:00", EndDate: "2027-03-04",
		Duration: "ages", TimeZone: "Mars/Olympus", Fold: "third", Attendees: "nobody at all\npriya@contoso.example\n",
	}
	_, problems := wrong.Request(now)
	blank := meeting.Form{Date: "2027-03-03", TimeZone: "Europe/Lisbon"}
	_, missing := blank.Request(now)
	twice := filled
	twice.Date, twice.Start, twice.End = "2027-10-31", "01:30", "01:45"
	_, ask := twice.Request(now)
	m := live(7, "INC0012345", "Laptop does not start", now.Add(time.Hour), priya)
	zones := meeting.Zones()
	everything := append(meeting.Problems{}, problems...)
	everything = append(everything, meeting.Problem{Field: meeting.FieldExternalID, Key: "external_id.blank"}, meeting.Problem{Field: "form_id", Key: "fold.unknown"})
	return []sample{
		{"form", views.MeetingForm(p, views.FormData{Form: meeting.Form{Date: "2027-03-02", FormID: "f-1"}, Zones: zones, DetectZone: true})},
		{"form-filled", views.MeetingForm(p, views.FormData{Form: filled, Zones: zones})},
		{"form-wrong", views.MeetingForm(p, views.FormData{Form: wrong, Problems: problems, Zones: zones})},
		{"form-one-wrong", views.MeetingForm(p, views.FormData{Form: blank, Problems: missing[:1], Zones: zones})},
		{"form-twice", views.MeetingForm(p, views.FormData{Form: twice, Problems: ask, Zones: zones, AskFold: true})},
		{"form-change", views.MeetingForm(p, views.FormData{Form: filled, Zones: zones, Meeting: &m, BaseReply: 12})},
		{"form-change-wrong", views.MeetingForm(p, views.FormData{Form: wrong, Problems: everything, Zones: zones, Meeting: &m, BaseReply: 12})},
	}
}

func meetingSamples(t testing.TB) []sample {
	p := page(t, priya, "INC0012345", "/meetings/7")
	start := time.Date(2027, 3, 3, 10, 0, 0, 0, time.UTC)
	m := live(7, "INC0012345", "Laptop does not start after the update", start, priya)
	show := func(name string, m meeting.Meeting, attempts ...meeting.Attempt) sample {
		return sample{"meeting-" + name, views.Meeting(p, views.MeetingData{Meeting: m, Attempts: attempts, CanChange: true, Zone: lisbon, AnotherID: "INC0012345~2"})}
	}
	created := attempt(m, meeting.KindCreate, meeting.AttemptDone, meeting.OutcomeCreated, "", call(201, ""))
	found := attempt(m, meeting.KindCreate, meeting.AttemptDone, meeting.OutcomeFound, "", call(200, ""))
	found.Asked.Subject, found.Asked.Start, found.Asked.Attendees = "Laptop again", start.Add(time.Hour), nil
	other := found.Asked.Differences(m.Details)
	data := func(d views.MeetingData) views.MeetingData {
		d.Meeting, d.Zone = m, lisbon
		return d
	}
	list := []sample{
		show("created", m, created),
		show("confirmed", m, attempt(m, meeting.KindCreate, meeting.AttemptDone, meeting.OutcomeConfirmed, "", call(0, ""), call(200, ""))),
		show("updated", m, attempt(m, meeting.KindUpdate, meeting.AttemptDone, meeting.OutcomeUpdated, "", call(200, "")), created),
		show("update-failed", m, attempt(m, meeting.KindUpdate, meeting.AttemptFailed, "", "reason.throttled", call(429, "UnknownError")), created),
		show("update-unfinished", m, attempt(m, meeting.KindUpdate, meeting.AttemptUnfinished, "", "reason.changed", call(0, "")), created),
		show("pending", unconfirmed(m, meeting.Unfinished), attempt(m, meeting.KindCreate, meeting.AttemptPending, "", "")),
		show("dismissed", unconfirmed(m, meeting.Unfinished), attempt(m, meeting.KindCreate, meeting.AttemptDismissed, "", "reason.no_answer", call(0, ""))),
		show("removed", unconfirmed(m, meeting.Removed), attempt(m, meeting.KindRemove, meeting.AttemptDone, "", "", call(204, ""))),
		show("replaced", unconfirmed(m, meeting.Replaced), attempt(m, meeting.KindRefresh, meeting.AttemptFailed, "", "reason.not_found", call(404, ""))),
		{"meeting-found", views.Meeting(p, data(views.MeetingData{Attempts: []meeting.Attempt{found}, CanChange: true, Differences: other, AnotherID: "INC0012345~2"}))},
		{"meeting-not-mine", views.Meeting(page(t, dana, "INC0012345", "/meetings/7"), data(views.MeetingData{Attempts: []meeting.Attempt{created}, Query: "inc 12345"}))},
		{"meeting-past", views.Meeting(p, data(views.MeetingData{Attempts: []meeting.Attempt{created}, CanChange: true, Past: true, AnotherID: "INC0012345~2"}))},
	}
	long := live(8, strings.Repeat("A1-", 85)+"Z", strings.Repeat("W", 255), start, tomas)
	long.Start, long.End, long.Expires = start.Add(13*time.Hour+30*time.Minute), start.Add(14*time.Hour+30*time.Minute), start.Add(60*24*time.Hour)
	long.Attendees = append(long.Attendees, meeting.Attendee{UPN: strings.Repeat("very.long.name.", 15) + "@contoso.example", Role: meeting.RoleCoorganizer})
	list = append(list, show("long", long, attempt(long, meeting.KindCreate, meeting.AttemptDone, meeting.OutcomeCreated, "", call(201, ""))))
	for _, reason := range []string{"refused", "bad_request", "forbidden", "scope", "throttled", "busy", "sign_in", "unreachable"} {
		list = append(list, show("failed-"+reason, unconfirmed(m, meeting.Failed), attempt(m, meeting.KindCreate, meeting.AttemptFailed, "", "reason."+reason, call(403, "Forbidden"))))
	}
	for _, reason := range []string{"no_answer", "garbled", "server_error", "stopped"} {
		list = append(list, show("unfinished-"+reason, unconfirmed(m, meeting.Unfinished), attempt(m, meeting.KindCreate, meeting.AttemptUnfinished, "", "reason."+reason, call(0, ""))))
	}
	return list
}

func historyRows(n int) []meeting.Meeting {
	people := []meeting.User{priya, tomas, dana, alex}
	var rows []meeting.Meeting
	for i := range n {
		m := live(int64(100+i), fmt.Sprintf("INC%07d", 12400-i), "Laptop does not start after the update", now.Add(time.Duration(-i)*5*time.Hour), people[i%4])
		rows = append(rows, m)
	}
	return rows
}

func historySamples(t testing.TB) []sample {
	p := page(t, dana, "History", "/history")
	rows := historyRows(12)
	rows[1] = unconfirmed(rows[1], meeting.Failed)
	rows[2] = unconfirmed(rows[2], meeting.Unfinished)
	rows[3].State = meeting.Replaced
	rows[4].ExternalID, rows[4].Subject = strings.Repeat("A1-", 85), strings.Repeat("W", 255)
	rows[5].ExternalID, rows[5].Subject = "", ""
	rows[6].State = meeting.Removed
	return []sample{
		{"history", views.History(p, views.HistoryData{Rows: rows, Everyone: true, Zone: lisbon, Next: "/history?before=9"})},
		{"history-query", views.History(p, views.HistoryData{Query: "laptop", Rows: rows[:2], Zone: lisbon, First: "/history?q=laptop"})},
		{"history-empty", views.History(p, views.HistoryData{Zone: lisbon})},
		{"history-no-match", views.History(p, views.HistoryData{Query: `<script>alert("INC1")</script>`, Zone: lisbon})},
		{"history-no-match-everyone", views.History(p, views.HistoryData{Query: "INC9", Zone: lisbon, Everyone: true})},
	}
}

func errorSamples(t testing.TB) []sample {
	say := english(t)
	list := []sample{{"signed-out", views.SignedOut(page(t, meeting.User{}, "Signed out", "/"))}}
	for _, key := range []string{
		"meeting.unknown", "attempt.unknown", "page.unknown", "method.wrong", "access.no_role", "access.change", "crosssite.refused",
		"body.large", "body.unreadable", "internal", "signin.expired", "signin.state", "signin.declined", "signin.refused", "signin.tenant", "signin.personal",
		"signin.guest", "signin.scope", "signin.unavailable", "signin.emulator", "attempt.running", "attempt.closed", "change.nothing", "record.failed",
	} {
		err := &meeting.Error{Key: key, Args: meeting.Args{"Name": sam.Name, "UPN": sam.UPN, "Code": "AADSTS50105"}}
		d := views.ErrorData{Status: 403, Title: say.ErrorTitle(err), Sentence: say.Error(err), Advice: say.ErrorAdvice(err), RequestID: "3f0c9a5e71b24d18"}
		if strings.HasPrefix(key, "signin.") {
			d.SignIn = "/auth/login?return_to=%2F"
		}
		if key == "record.failed" {
			d.Status, d.JoinURL = 500, live(1, "", "", now, priya).JoinURL
		}
		list = append(list, sample{"error-" + key, views.Error(page(t, sam, d.Title, ""), d)})
	}
	return list
}
