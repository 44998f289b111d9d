package gallery

import (
	"fmt"
	"time"

	"meetdesk/meeting"
	"meetdesk/views"
)

// Live returns a live meeting with the details that Graph returns.
func Live(id int64, externalID, subject string, start time.Time, organizer meeting.User) meeting.Meeting {
	return meeting.Meeting{
		ID: id, Organizer: organizer, Maker: organizer, State: meeting.Live, Origin: meeting.Created, TimeZone: "Europe/Lisbon",
		Details: meeting.Details{
			ExternalID: externalID, Subject: subject, Start: start, End: start.Add(30 * time.Minute),
			JoinURL:       "https://teams.microsoft.com/l/meetup-join/19%3ameeting_NGM4ZTk0MzEtYWQ0Mi00YmIyLTk4MTItNzE2YTM0MmY1MWMx%40thread.v2/0?context=%7b%22Tid%22%3a%22aadc5d1f-19e5-4ec4-9b1e-7f2f5f8c7a11%22%7d",
			GraphID:       "MSoxMTExMTExMS1hYWFhLTRiYmItOGNjYy0wMDAwMDAwMDAwMDEqMCoqMTk6bWVldGluZ19OR000WlRrME16RXRZV1EwTWkwMFltSXlMVGs0TVRJdE56RTJZVE0wTW1ZMU1XTXhAdGhyZWFkLnYy",
			ThreadID:      "19:meeting_NGM4ZTk0MzEtYWQ0Mi00YmIyLTk4MTItNzE2YTM0MmY1MWMx@thread.v2",
			JoinMeetingID: "2345678901234", Passcode: "aB3xYz", ConferenceID: "123456789", TollNumber: "+351 21 000 0000", TollFreeNumber: "800 000 000",
			MoreTolls: []string{"+44 20 0000 0000"}, MoreTollFrees: []string{"+44 800 000 0000"},
			DialInURL: "https://dialin.teams.microsoft.com/x?id=123456789", OptionsURL: "https://teams.microsoft.com/meetingOptions/?threadId=x",
			Attendees: []meeting.Attendee{
				{UPN: "tomas@contoso.example", Name: "Tomás Oliveira", Role: meeting.RolePresenter},
				{UPN: "caller@fabrikam.example"},
			},
		},
	}
}

// Unconfirmed returns the meeting in the given state, without the details that only Graph
// can provide.
func Unconfirmed(m meeting.Meeting, state meeting.State) meeting.Meeting {
	m.State, m.Origin, m.GraphID, m.ThreadID = state, "", "", ""
	m.JoinURL, m.JoinMeetingID, m.Passcode, m.ConferenceID, m.TollNumber, m.TollFreeNumber = "", "", "", "", "", ""
	m.MoreTolls, m.MoreTollFrees, m.DialInURL, m.OptionsURL = nil, nil, "", ""
	return m
}

// Waiting returns the meeting as it is during the first attempt to create it.
func Waiting(m meeting.Meeting) meeting.Meeting {
	m = Unconfirmed(m, meeting.Unfinished)
	m.AskedAt = Now.Add(-4 * time.Second)
	return m
}

// Attempt returns an attempt of the given kind. It was made two minutes ago, or four
// seconds ago if it is pending.
func Attempt(m meeting.Meeting, kind meeting.Kind, state meeting.AttemptState, outcome meeting.Outcome, reason meeting.Reason, calls ...meeting.Call) meeting.Attempt {
	at := Now.Add(-2 * time.Minute)
	if state == meeting.AttemptPending {
		at = Now.Add(-4 * time.Second)
	}
	return meeting.Attempt{
		ID: 40 + int64(len(calls)), MeetingID: m.ID, Actor: m.Organizer, Mode: meeting.Delegated, Kind: kind, State: state, Outcome: outcome, Reason: reason,
		Asked:     meeting.Asked{ExternalID: m.ExternalID, Subject: m.Subject, Start: m.Start, End: m.End, TimeZone: m.TimeZone, Attendees: m.Attendees},
		CreatedAt: at, UpdatedAt: at, Calls: calls,
	}
}

// Call returns a request to Graph. A status of 0 means that there was no response.
func Call(status int, code string) meeting.Call {
	c := meeting.Call{
		Method: "POST", Status: status, Code: code, StartedAt: Now.Add(-2 * time.Minute), Duration: 412 * time.Millisecond,
		ClientRequestID: "6f1d6f2e-9a0e-4d7e-8f55-0f1d6a2b3c4d", RequestID: "b2c3d4e5-0a1b-4c2d-9e8f-112233445566",
		Date: "Tue, 02 Mar 2027 15:02:05 GMT",
	}
	if status == 0 {
		c.RequestID, c.Date, c.Unsure, c.Duration = "", "", true, 10*time.Second
	}
	return c
}

// Own returns the data for a meeting's page as the organizer sees it right after the newest
// attempt.
func Own(m meeting.Meeting, attempts ...meeting.Attempt) views.MeetingData {
	d := views.MeetingData{Meeting: m, Attempts: attempts, CanChange: true, Zone: Lisbon, Now: Now, AnotherID: "INC0012345~2", Retryable: map[int64]bool{}}
	for _, a := range attempts {
		d.Retryable[a.ID] = true
	}
	if len(attempts) > 0 {
		d.Done = attempts[0].ID
	}
	return d
}

// First returns the attempt that created the meeting.
func First(m meeting.Meeting) meeting.Attempt {
	a := Attempt(m, meeting.KindCreate, meeting.AttemptDone, meeting.OutcomeCreated, "", Call(201, ""))
	a.ID = 30
	return a
}

func over(m meeting.Meeting, state meeting.State) meeting.Meeting {
	m.State = state
	return m
}

func option(m meeting.Meeting, id int64, o meeting.Option, value string, state meeting.AttemptState, outcome meeting.Outcome, reason meeting.Reason, calls ...meeting.Call) meeting.Attempt {
	a := Attempt(m, meeting.KindUpdate, state, outcome, reason, calls...)
	a.ID, a.Asked = id, meeting.Asked{Options: meeting.Options{}.With(o, value)}
	return a
}

// NotAccounts returns attendees without user accounts, such as guests and phones.
func NotAccounts() []meeting.Attendee {
	return []meeting.Attendee{
		{ObjectID: "5f1c-guest", Name: "Ana Conceição", Identity: "guest"},
		{ObjectID: "+351 210 000 000", Identity: "phone"},
		{Identity: "applicationInstance"},
	}
}

// withRoles returns an attempt to make the first attendee a co-organizer.
func withRoles(m meeting.Meeting, id int64, presenters string, state meeting.AttemptState, outcome meeting.Outcome, reason meeting.Reason, calls ...meeting.Call) meeting.Attempt {
	a := Attempt(m, meeting.KindUpdate, state, outcome, reason, calls...)
	people := append([]meeting.Attendee{}, m.Attendees...)
	people[0].Role = meeting.RoleCoorganizer
	a.ID, a.Asked = id, meeting.WithRoles(people, presenters)
	return a
}

// Colleagues returns other people's meetings for the ticket: one that is upcoming, one that
// has ended, and one without a time.
func Colleagues() []meeting.TicketMeeting {
	start, past := Now.Add(26*time.Hour), Now.Add(-50*time.Hour)
	return []meeting.TicketMeeting{
		{ID: 21, Organizer: Tomas, ExternalID: "INC0012345", State: meeting.Live, Start: start, End: start.Add(time.Hour), TimeZone: "America/Sao_Paulo"},
		{ID: 22, Organizer: alex, ExternalID: "inc-0012345~2", State: meeting.Live, Start: past, End: past.Add(time.Hour), TimeZone: "Europe/Lisbon"},
		{ID: 23, Organizer: Dana, ExternalID: "INC0012345", State: meeting.Live},
	}
}

// AccessTo returns the people who have or had access to a meeting that was handed over and
// that replaced another meeting.
func AccessTo() meeting.People {
	return meeting.People{
		Now: []meeting.HandedOver{
			{Person: Tomas, Since: Now.Add(-50 * time.Hour)}, {Person: Dana, Since: Now.Add(-2 * time.Hour), By: Priya},
		},
		Ended:   []meeting.HandedOver{{Person: alex, Ended: Now.Add(-time.Hour), EndedBy: Priya}, {Person: sam, Ended: Now, EndedBy: sam}},
		Earlier: []meeting.HandedOver{{Person: sam, Since: Now.Add(-time.Hour)}},
	}
}

// OwnOfTicket returns the user's own meetings for the ticket.
func OwnOfTicket() meeting.Guarded {
	mine := Colleagues()
	for i := range mine {
		mine[i].Organizer, mine[i].Subject = Priya, "Laptop does not start after the update"
	}
	mine[2].State = meeting.Unfinished
	return meeting.Guarded{Own: mine, AnotherID: "INC0012345~3"}
}

// HistoryRows returns n meetings, newest first.
func HistoryRows(n int) []meeting.Meeting {
	people := []meeting.User{Priya, Tomas, Dana, alex}
	var rows []meeting.Meeting
	for i := range n {
		m := Live(int64(100+i), fmt.Sprintf("INC%07d", 12400-i), "Laptop does not start after the update", Now.Add(time.Duration(-i)*5*time.Hour), people[i%4])
		rows = append(rows, m)
	}
	return rows
}
