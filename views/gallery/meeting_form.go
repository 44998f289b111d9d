package gallery

import (
	"fmt"
	"strings"
	"time"

	"github.com/a-h/templ"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/views"
)

func formSamples(l Look) []Sample {
	p := l.page(Priya, "New meeting", paths.NewMeeting)
	filled := form.Form{
		ExternalID: "INC0012345", Subject: "Laptop does not start", Date: "2027-03-03", Start: "10:00", End: "10:30",
		TimeZone: "Europe/Lisbon", Attendees: "Tomás Oliveira <tomas@contoso.example> presenter\ncaller@fabrikam.example\n", FormID: "f-1",
	}
	wrong := form.Form{
		ExternalID: `<b>"x"</b>`, Subject: strings.Repeat("long ", 60), Date: "3 March", Start: "25:00", EndDate: "2027-03-04",
		Duration: "ages", TimeZone: "Mars/Olympus", Fold: "third", Attendees: "nobody at all\npriya@contoso.example\n",
	}
	_, problems := wrong.Request(Now)
	blank := form.Form{Date: "2027-03-03", TimeZone: "Europe/Lisbon"}
	_, missing := blank.Request(Now)
	twice := filled
	twice.Date, twice.Start, twice.End = "2027-10-31", "01:30", "01:45"
	_, ask := twice.Request(Now)
	m := Live(7, "INC0012345", "Laptop does not start", Now.Add(time.Hour), Priya)
	zones := meeting.Zones()
	chosen := filled
	chosen.Organizer, chosen.ThreadID = Tomas.ObjectID, "19:general@thread.tacv2"
	chosen.Options = meeting.Options{Lobby: "invited", Record: meeting.On}
	odd := chosen
	odd.ThreadID, odd.Options.Lobby = "general", "nobody"
	_, notThere := odd.Request(Now)
	notThere = append(notThere, meeting.Problem{
		Field: meeting.FieldOrganizer, Key: meeting.ReasonOrganizerHasTicket, Args: meeting.Args{"Name": Tomas.Name, "UPN": Tomas.UPN, "ExternalID": "INC0012345"},
	})
	d := l.page(Dana, "New meeting", paths.NewMeeting)
	set, crowd, joined := m, m, m
	joined.Attendees = append(joined.Attendees, NotAccounts()...)
	outside := meeting.Problems{
		{Field: meeting.FieldAttendees, Key: meeting.ReasonRolesOutsider, Args: meeting.Args{"Who": "wrong@contoso.example", "Role": meeting.RolePresenter}},
		{Field: meeting.FieldAttendees, Key: meeting.ReasonRolesUnsure, Args: meeting.Args{"Who": "caller@fabrikam.example", "Role": meeting.RoleCoorganizer}},
		{Field: meeting.FieldAttendees, Key: meeting.ReasonRolesMore, Args: meeting.Args{"Count": 3}},
	}
	roles := filled
	roles.Attendees = "wrong@contoso.example presenter\ncaller@fabrikam.example coorganizer\n"
	set.Options = meeting.Options{Lobby: "organizer", Presenters: "somethingNew", Announce: meeting.Off}
	for i := range meeting.FullList {
		crowd.Attendees = append(crowd.Attendees, meeting.Attendee{UPN: fmt.Sprintf("person%d@contoso.example", i)})
	}
	everything := append(meeting.Problems{}, problems...)
	everything = append(everything, meeting.Problem{Field: meeting.FieldExternalID, Key: meeting.ReasonExternalIDBlank}, meeting.Problem{Field: form.FieldFormID, Key: meeting.ReasonFoldUnknown})
	late := filled
	late.Date = "2027-03-01"
	ticketed := p
	ticketed.Ticket = meeting.TicketRule{Hint: "INC and seven digits, such as INC0012345.", URL: "https://tickets.example.org/{ticket}"}
	series := filled
	series.Repeat, series.Times = form.EveryWeek, "6"
	endless := filled
	endless.Times = "600"
	_, neverEnds := endless.Series(Now)
	return []Sample{
		{"form-series", meetingForm(p, views.FormData{Form: series, Zones: zones})},
		{"form-series-wrong", meetingForm(p, views.FormData{Form: endless, Problems: neverEnds, Zones: zones})},
		{"form-past", meetingForm(p, views.FormData{Form: late, Zones: zones, Past: true})},
		{"form-change-past", meetingForm(ticketed, views.FormData{Form: late, Zones: zones, Past: true, Meeting: &m, BaseReply: 12})},
		{"form-ticket", meetingForm(ticketed, views.FormData{Form: form.Form{}, Zones: zones, OfferZone: true, Propose: 45})},
		{"form", meetingForm(p, views.FormData{Form: form.Form{Date: "2027-03-02", FormID: "f-1"}, Zones: zones, DetectZone: true})},
		{"form-filled", meetingForm(p, views.FormData{Form: filled, Zones: zones})},
		{"form-wrong", meetingForm(p, views.FormData{Form: wrong, Problems: problems, Zones: zones})},
		{"form-one-wrong", meetingForm(p, views.FormData{Form: blank, Problems: missing[:1], Zones: zones})},
		{"form-twice", meetingForm(p, views.FormData{Form: twice, Problems: ask, Zones: zones, AskFold: true})},
		{"form-change", meetingForm(p, views.FormData{Form: filled, Zones: zones, Meeting: &m, BaseReply: 12})},
		{"form-full", meetingForm(d, views.FormData{Form: chosen, Zones: zones, Organizers: []meeting.User{Tomas, alex}, Beta: true})},
		{"form-full-new", meetingForm(d, views.FormData{Form: filled, Zones: zones, Organizers: []meeting.User{Tomas, alex}, Beta: true})},
		{"form-full-wrong", meetingForm(d, views.FormData{Form: odd, Problems: notThere, Zones: zones, Organizers: []meeting.User{Tomas}, Beta: true})},
		{"form-change-options", meetingForm(p, views.FormData{Form: filled, Zones: zones, Meeting: &set, BaseReply: 12, Beta: true})},
		{"form-roles-wrong", meetingForm(p, views.FormData{Form: roles, Problems: outside, Zones: zones})},
		{"form-change-joined", meetingForm(p, views.FormData{Form: filled, Zones: zones, Meeting: &joined, BaseReply: 12})},
		{"form-change-crowd", meetingForm(p, views.FormData{Form: filled, Zones: zones, Meeting: &crowd, BaseReply: 12})},
		{"form-change-wrong", meetingForm(p, views.FormData{Form: wrong, Problems: everything, Zones: zones, Meeting: &m, BaseReply: 12})},
	}
}

// meetingForm returns the page that contains the form. Like the server, it first parses the
// form's times.
func meetingForm(p views.Page, d views.FormData) templ.Component {
	var problems meeting.Problems
	d.Now = Now
	d.Request, problems = d.Form.Request(Now)
	d.Unclear = problems.OfFields(form.TimeInputs()...)
	return views.MeetingForm(p, d)
}
