package views_test

import (
	"fmt"
	"strings"
	"sync"
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
	priya  = meeting.User{ID: 1, ObjectID: "11111111-aaaa-4bbb-8ccc-000000000001", Name: "Priya Nair", UPN: "priya@contoso.example", Role: meeting.Staff}
	tomas  = meeting.User{ID: 2, ObjectID: "11111111-aaaa-4bbb-8ccc-000000000002", Name: "Tomás Oliveira", UPN: "tomas@contoso.example", Role: meeting.Staff}
	dana   = meeting.User{ID: 3, Name: "Dana Whitfield", UPN: "dana@contoso.example", Role: meeting.HelpDesk}
	alex   = meeting.User{ID: 4, ObjectID: "11111111-aaaa-4bbb-8ccc-000000000004", Name: "Alex Admin", UPN: "alex@contoso.example", Role: meeting.Admin}
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

// catalogue is read once: samples are made again and again.
var catalogue = sync.OnceValues(locale.Load)

// english returns the printer that the tests read by: English's, or that of a
// test which is speaking another language.
func english(t testing.TB) locale.Printer {
	t.Helper()
	if other, ok := t.(speaking); ok {
		return other.printer
	}
	c, err := catalogue()
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
	return views.Page{Title: title, T: english(t), User: user, Path: path, Here: path, Static: files.URL}
}

// live is a meeting with everything that Graph can give.
func live(id int64, externalID, subject string, start time.Time, organizer meeting.User) meeting.Meeting {
	return meeting.Meeting{
		ID: id, Organizer: organizer, Maker: organizer, State: meeting.Live, Origin: meeting.Created, TimeZone: "Europe/Lisbon",
		Details: meeting.Details{
			ExternalID: externalID, Subject: subject, Start: start, End: start.Add(30 * time.Minute),
			JoinURL:       "https://teams.microsoft.com/l/meetup-join/19%3ameeting_NGM4ZTk0MzEtYWQ0Mi00YmIyLTk4MTItNzE2YTM0MmY1MWMx%40thread.v2/0?context=%7b%22Tid%22%3a%22aadc5d1f-19e5-4ec4-9b1e-7f2f5f8c7a11%22%7d",
			ThreadID:      "19:meeting_NGM4ZTk0MzEtYWQ0Mi00YmIyLTk4MTItNzE2YTM0MmY1MWMx@thread.v2",
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
	list = append(list, newsSamples(t)...)
	list = append(list, ticketSamples(t)...)
	list = append(list, historySamples(t)...)
	return append(list, errorSamples(t)...)
}

func homeSamples(t testing.TB) []sample {
	p := page(t, priya, "Home", "/")
	practice := p
	practice.Emulator = true
	ticketed := p
	ticketed.Ticket.URL = "https://tickets.example.org/{ticket}"
	start := time.Date(2027, 3, 3, 10, 0, 0, 0, time.UTC)
	upcoming := []meeting.Meeting{
		live(1, "INC0012345", "Laptop does not start after the update", start, priya),
		live(2, "CASE-77-2027", "Enrolment interview: Mrs Almeida and her son", start.Add(4*time.Hour), priya),
		live(3, "INC0012345~2", "", start.Add(26*time.Hour), priya),
		live(9, "INC0012401", "Handed over by a colleague", start.Add(28*time.Hour), tomas),
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
		{"home-ticket", views.Home(ticketed, views.HomeData{Zone: lisbon, Upcoming: upcoming})},
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
	chosen := filled
	chosen.Organizer, chosen.ThreadID = tomas.ObjectID, "19:general@thread.tacv2"
	chosen.Options = meeting.Options{Lobby: "invited", Record: meeting.On}
	odd := chosen
	odd.ThreadID, odd.Options.Lobby = "general", "nobody"
	_, notThere := odd.Request(now)
	notThere = append(notThere, meeting.Problem{
		Field: meeting.FieldOrganizer, Key: "organizer.has", Args: meeting.Args{"Name": tomas.Name, "UPN": tomas.UPN, "ExternalID": "INC0012345"},
	})
	d := page(t, dana, "New meeting", "/meetings/new")
	set, crowd := m, m
	set.Options = meeting.Options{Lobby: "organizer", Presenters: "somethingNew", Announce: meeting.Off}
	for i := range meeting.FullList {
		crowd.Attendees = append(crowd.Attendees, meeting.Attendee{UPN: fmt.Sprintf("person%d@contoso.example", i)})
	}
	everything := append(meeting.Problems{}, problems...)
	everything = append(everything, meeting.Problem{Field: meeting.FieldExternalID, Key: "external_id.blank"}, meeting.Problem{Field: "form_id", Key: "fold.unknown"})
	late := filled
	late.Date = "2027-03-01"
	ticketed := p
	ticketed.Ticket = meeting.TicketRule{Hint: "INC and seven digits, such as INC0012345.", URL: "https://tickets.example.org/{ticket}"}
	return []sample{
		{"form-past", meetingForm(p, views.FormData{Form: late, Zones: zones, Past: true})},
		{"form-change-past", meetingForm(ticketed, views.FormData{Form: late, Zones: zones, Past: true, Meeting: &m, BaseReply: 12})},
		{"form-ticket", meetingForm(ticketed, views.FormData{Form: meeting.Form{}, Zones: zones, OfferZone: true, Propose: 45})},
		{"form", meetingForm(p, views.FormData{Form: meeting.Form{Date: "2027-03-02", FormID: "f-1"}, Zones: zones, DetectZone: true})},
		{"form-filled", meetingForm(p, views.FormData{Form: filled, Zones: zones})},
		{"form-wrong", meetingForm(p, views.FormData{Form: wrong, Problems: problems, Zones: zones})},
		{"form-one-wrong", meetingForm(p, views.FormData{Form: blank, Problems: missing[:1], Zones: zones})},
		{"form-twice", meetingForm(p, views.FormData{Form: twice, Problems: ask, Zones: zones, AskFold: true})},
		{"form-change", meetingForm(p, views.FormData{Form: filled, Zones: zones, Meeting: &m, BaseReply: 12})},
		{"form-full", meetingForm(d, views.FormData{Form: chosen, Zones: zones, Organizers: []meeting.User{tomas, alex}, Beta: true, LookUp: true})},
		{"form-full-new", meetingForm(d, views.FormData{Form: filled, Zones: zones, Organizers: []meeting.User{tomas, alex}, Beta: true, LookUp: true})},
		{"form-full-wrong", meetingForm(d, views.FormData{Form: odd, Problems: notThere, Zones: zones, Organizers: []meeting.User{tomas}, Beta: true})},
		{"form-change-options", meetingForm(p, views.FormData{Form: filled, Zones: zones, Meeting: &set, BaseReply: 12, Beta: true})},
		{"form-change-crowd", meetingForm(p, views.FormData{Form: filled, Zones: zones, Meeting: &crowd, BaseReply: 12, LookUp: true})},
		{"form-change-wrong", meetingForm(p, views.FormData{Form: wrong, Problems: everything, Zones: zones, Meeting: &m, BaseReply: 12})},
	}
}

// meetingForm is the form with what the site reads of its times.
func meetingForm(p views.Page, d views.FormData) templ.Component {
	var problems meeting.Problems
	d.Now = now
	d.Request, problems = d.Form.Request(now)
	d.Unclear = problems.Times()
	return views.MeetingForm(p, d)
}

func meetingSamples(t testing.TB) []sample {
	p := page(t, priya, "INC0012345", "/meetings/7")
	start := time.Date(2027, 3, 3, 10, 0, 0, 0, time.UTC)
	m := live(7, "INC0012345", "Laptop does not start after the update", start, priya)
	show := func(name string, m meeting.Meeting, attempts ...meeting.Attempt) sample {
		return sample{"meeting-" + name, views.Meeting(p, own(m, attempts...))}
	}
	created := first(m)
	found := attempt(m, meeting.KindCreate, meeting.AttemptDone, meeting.OutcomeFound, "", call(200, ""))
	found.Asked.Subject, found.Asked.Start, found.Asked.Attendees = "Laptop again", start.Add(time.Hour), nil
	found.Asked.Options, found.Asked.ThreadID = meeting.Options{Lobby: "invited", Record: meeting.On}, "19:general@thread.tacv2"
	other := found.Asked.Differences(m.Details)
	wanted := meeting.Form{
		Subject: "Laptop again", Date: "2027-03-03", Start: "11:00", End: "10:30", TimeZone: "Europe/Lisbon", FormID: "f-2",
		Options: found.Asked.Options,
	}
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
		show("removed", over(m, meeting.Removed), attempt(m, meeting.KindRemove, meeting.AttemptDone, meeting.OutcomeRemoved, "", call(204, ""))),
		show("replaced", over(m, meeting.Replaced), attempt(m, meeting.KindRefresh, meeting.AttemptFailed, "", "reason.not_found", call(404, ""))),
		{"meeting-found", views.Meeting(p, data(views.MeetingData{Attempts: []meeting.Attempt{found}, CanChange: true, Compared: found, Differences: other, Change: wanted, BaseReply: 12, AnotherID: "INC0012345~2"}))},
		{"meeting-not-mine", views.Meeting(page(t, dana, "INC0012345", "/meetings/7"), data(views.MeetingData{Attempts: []meeting.Attempt{created}, Query: "inc 12345"}))},
		{"meeting-past", views.Meeting(p, data(views.MeetingData{Attempts: []meeting.Attempt{created}, CanChange: true, Past: true, AnotherID: "INC0012345~2"}))},
	}
	long := live(8, strings.Repeat("A1-", 85)+"Z", strings.Repeat("W", 255), start, tomas)
	long.Start, long.End, long.Expires = start.Add(13*time.Hour+30*time.Minute), start.Add(14*time.Hour+30*time.Minute), start.Add(60*24*time.Hour)
	long.Attendees = append(long.Attendees, meeting.Attendee{UPN: strings.Repeat("very.long.name.", 15) + "@contoso.example", Role: meeting.RoleCoorganizer})
	list = append(list, show("long", long, attempt(long, meeting.KindCreate, meeting.AttemptDone, meeting.OutcomeCreated, "", call(201, ""))))
	for _, reason := range []string{"refused", "bad_request", "forbidden", "scope", "throttled", "busy", "sign_in", "unreachable", "claims", "payment", "tls", "beta_off", "app_token", "app_scope", "app_setup", "app_off", "no_organizer", "not_allowed", "organizer_has", "setup", "desk"} {
		list = append(list, show("failed-"+reason, unconfirmed(m, meeting.Failed), attempt(m, meeting.KindCreate, meeting.AttemptFailed, "", "reason."+reason, call(403, "Forbidden"))))
	}
	for _, reason := range []string{"no_answer", "garbled", "server_error", "stopped"} {
		list = append(list, show("unfinished-"+reason, unconfirmed(m, meeting.Unfinished), attempt(m, meeting.KindCreate, meeting.AttemptUnfinished, "", "reason."+reason, call(0, ""))))
	}
	return list
}

// own is a meeting to the one who may do everything with it.
func own(m meeting.Meeting, attempts ...meeting.Attempt) views.MeetingData {
	d := views.MeetingData{Meeting: m, Attempts: attempts, CanChange: true, Zone: lisbon, Now: now, AnotherID: "INC0012345~2", Retryable: map[int64]bool{}}
	for _, a := range attempts {
		d.Retryable[a.ID] = true
	}
	return d
}

// first is the attempt that created the meeting.
func first(m meeting.Meeting) meeting.Attempt {
	a := attempt(m, meeting.KindCreate, meeting.AttemptDone, meeting.OutcomeCreated, "", call(201, ""))
	a.ID = 30
	return a
}

// over turns a meeting into one whose link counts no more.
func over(m meeting.Meeting, state meeting.State) meeting.Meeting {
	m.State = state
	return m
}

// option is an attempt to set one option.
func option(m meeting.Meeting, id int64, o meeting.Option, value string, state meeting.AttemptState, outcome meeting.Outcome, reason string, calls ...meeting.Call) meeting.Attempt {
	a := attempt(m, meeting.KindUpdate, state, outcome, reason, calls...)
	a.ID, a.Asked = id, meeting.Asked{Options: meeting.Options{}.With(o, value)}
	return a
}

// newsSamples are the meeting's page with what there is to tell beside the plain outcomes.
func newsSamples(t testing.TB) []sample {
	p := page(t, priya, "INC0012345", "/meetings/7")
	m := live(7, "INC0012345", "Laptop does not start after the update", time.Date(2027, 3, 3, 10, 0, 0, 0, time.UTC), priya)
	m.Options = meeting.Options{Lobby: "organization", Presenters: "somethingNew", Announce: meeting.Off, Record: meeting.On}
	m.Attendees = append(m.Attendees, meeting.Attendee{UPN: "dana@contoso.example", Name: "Dana Whitfield", ObjectID: "11111111-aaaa-4bbb-8ccc-000000000003"})
	created := first(m)
	show := func(name string, attempts ...meeting.Attempt) sample {
		return sample{"meeting-" + name, views.Meeting(p, own(m, append(attempts, created)...))}
	}
	with := func(name string, d views.MeetingData, change func(*views.MeetingData)) sample {
		change(&d)
		return sample{"meeting-" + name, views.Meeting(p, d)}
	}
	of := func(kind meeting.Kind, state meeting.AttemptState, outcome meeting.Outcome, reason string, calls ...meeting.Call) meeting.Attempt {
		return attempt(m, kind, state, outcome, reason, calls...)
	}
	lobby := option(m, 43, meeting.OptionLobby, "invited", meeting.AttemptFailed, "", "reason.forbidden", call(403, "Forbidden"))
	record := option(m, 44, meeting.OptionRecord, meeting.On, meeting.AttemptDone, meeting.OutcomeSet, "", call(200, ""))
	read := of(meeting.KindRefresh, meeting.AttemptDone, meeting.OutcomeRead, "", call(200, ""))
	found := of(meeting.KindCreate, meeting.AttemptDone, meeting.OutcomeFound, "", call(200, ""))
	accepted := found
	accepted.Accepted = true
	challenge := call(401, "InvalidAuthenticationToken")
	challenge.Claims = `{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}`
	now := m.Details
	now.Subject, now.Start, now.Attendees, now.Options.Lobby = "Laptop, second try", m.Start.Add(time.Hour), m.Attendees[:1], "everyone"
	changed := m
	changed.Details = now

	theirs := m
	theirs.Organizer = tomas
	theirs.Maker = dana
	denied := attempt(unconfirmed(theirs, meeting.Failed), meeting.KindCreate, meeting.AttemptFailed, "", "reason.policy", call(403, "Forbidden"))
	denied.Actor, denied.Mode = dana, meeting.Application
	forTomas := own(unconfirmed(theirs, meeting.Failed), denied)
	forTomas.AppClientID = "22222222-aaaa-4bbb-8ccc-000000000009"
	adopted := m
	adopted.Origin, adopted.ThreadID = meeting.Adopted, "19:general@thread.tacv2"

	return []sample{
		show("lobby-failed", lobby),
		show("option-set", record, lobby),
		show("option-pending", option(m, 45, meeting.OptionAnnounce, meeting.On, meeting.AttemptPending, "", "")),
		show("option-unfinished", option(m, 45, meeting.OptionPresenters, "roleIsPresenter", meeting.AttemptUnfinished, "", "reason.no_answer", call(0, ""))),
		show("remove-failed", of(meeting.KindRemove, meeting.AttemptFailed, "", "reason.conflict", call(409, "Conflict"))),
		show("remove-unfinished", of(meeting.KindRemove, meeting.AttemptUnfinished, "", "reason.no_answer", call(0, ""))),
		show("remove-pending", of(meeting.KindRemove, meeting.AttemptPending, "", "")),
		show("update-pending", of(meeting.KindUpdate, meeting.AttemptPending, "", "")),
		show("refresh-pending", of(meeting.KindRefresh, meeting.AttemptPending, "", "")),
		show("refresh-failed", of(meeting.KindRefresh, meeting.AttemptFailed, "", "reason.no_answer", call(0, ""))),
		show("refresh-unfinished", of(meeting.KindRefresh, meeting.AttemptUnfinished, "", "reason.stopped")),
		show("claims", of(meeting.KindUpdate, meeting.AttemptFailed, "", "reason.claims", challenge)),
		show("read", read),
		{"meeting-accepted", views.Meeting(p, own(m, accepted))},
		with("unchanged", own(m, read, created), func(d *views.MeetingData) { d.Looked = true }),
		with("changed", own(changed, read, created), func(d *views.MeetingData) { d.Looked, d.Changes = true, m.Changes(now) }),
		with("colleagues", own(m, created), func(d *views.MeetingData) { d.Colleagues = colleagues() }),
		with("kit", views.MeetingData{Meeting: theirs, Attempts: []meeting.Attempt{created}, Zone: lisbon}, func(d *views.MeetingData) { d.KitOnly = true }),
		with("others-attempt", own(m, of(meeting.KindUpdate, meeting.AttemptFailed, "", "reason.busy", call(503, "")), created), func(d *views.MeetingData) { d.Retryable, d.Attempts[0].Actor = nil, dana }),
		with("not-now", own(m, of(meeting.KindUpdate, meeting.AttemptFailed, "", "reason.busy", call(503, "")), created), func(d *views.MeetingData) { d.Retryable = nil }),
		{"meeting-policy", views.Meeting(page(t, dana, "INC0012345", "/meetings/7"), forTomas)},
		{"meeting-adopted", views.Meeting(p, own(adopted, of(meeting.KindRefresh, meeting.AttemptDone, meeting.OutcomeAdopted, "", call(200, ""))))},
	}
}

func colleagues() []meeting.Colleague {
	return []meeting.Colleague{
		{MeetingID: 21, Organizer: tomas, Start: time.Date(2027, 3, 4, 2, 0, 0, 0, time.UTC), TimeZone: "America/Sao_Paulo"},
		{MeetingID: 22, Organizer: alex},
	}
}

func ticketSamples(t testing.TB) []sample {
	p := page(t, priya, "A ticket", "/meetings")
	filled := meeting.Form{
		ExternalID: "INC0012345", Subject: "Laptop does not start", Date: "2027-03-03", Start: "10:00", End: "10:30", EndDate: "2027-03-04",
		Duration: "30", TimeZone: "Europe/Lisbon", Fold: meeting.FoldFirst, Attendees: "caller@fabrikam.example\n", FormID: "f-1",
		ThreadID: "19:general@thread.tacv2", Organizer: tomas.ObjectID,
		Options: meeting.Options{Lobby: "invited", Presenters: "organizer", Announce: meeting.On, Record: meeting.Off},
	}
	m := live(7, "INC0012345", "Laptop does not start", now.Add(time.Hour), priya)
	bare := m
	bare.ExternalID = ""
	wrong := meeting.Problems{{Field: meeting.FieldJoinURL, Key: "adopt.not_found"}}
	return []sample{
		{"guard", views.Guard(p, views.GuardData{Form: filled, Colleagues: colleagues(), EditPath: "/meetings/new?external_id=INC0012345"})},
		{"guard-one", views.Guard(p, views.GuardData{Form: filled, Colleagues: colleagues()[:1]})},
		{"guard-limited", views.Guard(p, views.GuardData{Form: filled, Colleagues: colleagues(), Limited: true, EditPath: "/meetings/new?external_id=INC0012345"})},
		{"ticket", views.Ticket(p, views.TicketData{ExternalID: "INC0012345", Colleagues: colleagues()[:1], NewPath: "/meetings/new?external_id=INC0012345"})},
		{"ticket-help-desk", views.Ticket(p, views.TicketData{ExternalID: strings.Repeat("A1-", 85), Colleagues: colleagues(), NewPath: "/meetings/new?external_id=INC0012345", HistoryPath: "/history?q=INC0012345"})},
		{"adopt", views.Adopt(p, views.AdoptData{})},
		{"adopt-wrong", views.Adopt(p, views.AdoptData{JoinURL: "https://teams.example/x", Problems: wrong})},
		{"remove", views.Remove(p, views.RemoveData{Meeting: m, BaseReply: 12, Zone: lisbon})},
		{"remove-adopted", views.Remove(p, views.RemoveData{Meeting: bare, BaseReply: 12, Zone: lisbon})},
	}
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
		"attempt.others", "organizer.has", "organizer.help_desk", "organizer.off", "organizer.unknown", "adopt.replaced", "people.off", "people.unavailable", "signin.app_setup",
	} {
		err := &meeting.Error{Key: key, Args: meeting.Args{"Name": sam.Name, "UPN": sam.UPN, "Code": "AADSTS50105", "ExternalID": "INC0012345"}}
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
