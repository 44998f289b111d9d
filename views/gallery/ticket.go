package gallery

import (
	"net/url"
	"strings"
	"time"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/views"
)

func ticketSamples(l Look) []Sample {
	fill := url.Values{meeting.FieldExternalID: {"INC0012345"}, meeting.FieldSubject: {"Printer"}}
	p := l.page(Priya, "A ticket", paths.Meetings)
	p.Path = paths.NewMeeting
	filled := form.Form{
		ExternalID: "INC0012345", Subject: "Laptop does not start", Date: "2027-03-03", Start: "10:00", End: "10:30", EndDate: "2027-03-04",
		Duration: "30", TimeZone: "Europe/Lisbon", Fold: form.FoldFirst, Attendees: "caller@fabrikam.example\n", FormID: "f-1",
		ThreadID: "19:general@thread.tacv2", Organizer: Tomas.ObjectID,
		Options: meeting.Options{Lobby: "invited", Presenters: "organizer", Announce: meeting.On, Record: meeting.Off},
	}
	m := Live(7, "INC0012345", "Laptop does not start", Now.Add(time.Hour), Priya)
	bare := m
	bare.ExternalID = ""
	noAccess := Colleagues()[:2]
	noAccess[0].NoAccess = true
	access := AccessTo()
	wrong := meeting.Problems{{Field: meeting.FieldJoinURL, Key: meeting.ReasonAdoptNotFound}}
	return []Sample{
		{"guard", views.Guard(p, views.GuardData{Form: filled, Guarded: meeting.Guarded{Colleagues: Colleagues()}, Now: Now})},
		{"guard-one", views.Guard(p, views.GuardData{Form: filled, Guarded: meeting.Guarded{Colleagues: Colleagues()[1:2]}, Now: Now})},
		{"guard-no-access", views.Guard(p, views.GuardData{Form: filled, Guarded: meeting.Guarded{Colleagues: noAccess}, Now: Now})},
		{"guard-own", views.Guard(p, views.GuardData{Form: filled, Guarded: OwnOfTicket(), Now: Now, AsksMore: true})},
		{"guard-limited", views.Guard(p, views.GuardData{Form: filled, Limited: "10:01"})},
		{"ticket", views.Ticket(p, views.TicketData{ExternalID: "INC0012345", Colleagues: Colleagues()[:1], Now: Now, New: fill})},
		{"ticket-guess", views.Ticket(p, views.TicketData{ExternalID: "12345", Guesses: []string{"INC0012345", "CHG12345"}, Now: Now, New: fill})},
		{"ticket-help-desk", views.Ticket(p, views.TicketData{ExternalID: strings.Repeat("A1-", 85), Colleagues: Colleagues(), Now: Now, New: fill, HistoryPath: listPath("q", "INC0012345")})},
		{"adopt", views.Adopt(p, views.AdoptData{})},
		{"adopt-wrong", views.Adopt(p, views.AdoptData{JoinURL: "https://teams.example/x", Problems: wrong})},
		{"end-access", views.EndAccess(p, views.EndAccessData{Meeting: m, Access: access.Now[0]})},
		{"end-access-own", views.EndAccess(l.page(Tomas, "A ticket", paths.Meetings), views.EndAccessData{Meeting: m, Access: access.Now[0]})},
		{"remove", views.Remove(p, views.RemoveData{Meeting: m, BaseReply: 12})},
		{"remove-adopted", views.Remove(p, views.RemoveData{Meeting: bare, BaseReply: 12})},
	}
}
