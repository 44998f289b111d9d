package meeting_test

import (
	"slices"
	"testing"
	"time"

	"meetdesk/meeting"
)

func TestDifferences(t *testing.T) {
	ten := time.Date(2027, 3, 3, 10, 0, 0, 0, time.UTC)
	tokyo := time.FixedZone("", 9*60*60)
	two := []meeting.Attendee{{UPN: "a@b.example"}, {UPN: "c@d.example", ObjectID: "C", Role: meeting.RolePresenter}}
	base := meeting.Details{Subject: "Printer", Start: ten, End: ten.Add(time.Hour), Attendees: two, ThreadID: "19:x@thread.v2", Options: meeting.Options{Lobby: "everyone"}}
	for _, tt := range []struct {
		name   string
		change func(asked *meeting.Asked, got *meeting.Details)
		want   []meeting.Difference
	}{
		{"no difference", func(*meeting.Asked, *meeting.Details) {}, nil},
		{"the same moment in another zone", func(_ *meeting.Asked, got *meeting.Details) { got.Start = ten.In(tokyo) }, nil},
		{"digits that the database does not store", func(_ *meeting.Asked, got *meeting.Details) {
			got.Start, got.End = ten.Add(400*time.Microsecond), got.End.Add(700)
		}, nil},
		{"one second", func(_ *meeting.Asked, got *meeting.Details) {
			got.Start, got.End = ten.Add(time.Second), got.End.Add(-time.Second)
		}, []meeting.Difference{meeting.DifferentStart, meeting.DifferentEnd}},
		{"capitals in the subject", func(_ *meeting.Asked, got *meeting.Details) { got.Subject = "printer" }, []meeting.Difference{meeting.DifferentSubject}},
		{"order and capitals of people", func(_ *meeting.Asked, got *meeting.Details) {
			got.Attendees = []meeting.Attendee{{UPN: "renamed@d.example", ObjectID: "c", Role: meeting.RolePresenter}, {UPN: "A@B.example", Role: meeting.RoleAttendee}}
		}, nil},
		{"a role", func(_ *meeting.Asked, got *meeting.Details) {
			got.Attendees = []meeting.Attendee{two[0], {UPN: "c@d.example", ObjectID: "C"}}
		}, []meeting.Difference{meeting.DifferentAttendees}},
		{"one person fewer", func(_ *meeting.Asked, got *meeting.Details) { got.Attendees = two[:1] }, []meeting.Difference{meeting.DifferentAttendees}},
		{"another person", func(_ *meeting.Asked, got *meeting.Details) {
			got.Attendees = []meeting.Attendee{two[1], {UPN: "e@f.example"}}
		}, []meeting.Difference{meeting.DifferentAttendees}},
		{"one person twice and one missing", func(_ *meeting.Asked, got *meeting.Details) {
			got.Attendees = []meeting.Attendee{two[0], two[0]}
		}, []meeting.Difference{meeting.DifferentAttendees}},
		{"one person asked for twice and one not asked for", func(asked *meeting.Asked, _ *meeting.Details) {
			asked.Attendees = []meeting.Attendee{two[0], two[0]}
		}, []meeting.Difference{meeting.DifferentAttendees}},
		{"one person listed twice", func(_ *meeting.Asked, got *meeting.Details) {
			got.Attendees = []meeting.Attendee{two[0], two[1], two[0]}
		}, nil},
		{"people who are kept", func(asked *meeting.Asked, _ *meeting.Details) { asked.Attendees, asked.KeepPeople = nil, true }, nil},
		{"a channel that was not asked for", func(asked *meeting.Asked, _ *meeting.Details) { asked.ThreadID = "" }, nil},
		{"another channel", func(_ *meeting.Asked, got *meeting.Details) { got.ThreadID = "" }, []meeting.Difference{meeting.DifferentThread}},
		{"an option", func(asked *meeting.Asked, _ *meeting.Details) {
			asked.Options = meeting.Options{Lobby: "organizer", Record: meeting.On}
		}, []meeting.Difference{"lobby", "record"}},
		{"an option that has the value already", func(asked *meeting.Asked, _ *meeting.Details) { asked.Options.Lobby = "everyone" }, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := base
			asked := meeting.Asked{Subject: base.Subject, Start: base.Start, End: base.End, Attendees: two, ThreadID: base.ThreadID}
			tt.change(&asked, &got)
			if found := asked.Differences(got); !slices.Equal(found, tt.want) {
				t.Errorf("Differences = %v, want %v", found, tt.want)
			}
		})
	}
}

func TestNewPresenterImpliesByRole(t *testing.T) {
	as := func(role meeting.AttendeeRole) []meeting.Attendee {
		return []meeting.Attendee{{UPN: "a@b.example", Role: role}}
	}
	for _, tt := range []struct {
		asked, current []meeting.Attendee
		chosen, want   string
	}{
		{as(""), nil, "", ""},
		{as(meeting.RoleCoorganizer), nil, "", ""},
		{as(meeting.RolePresenter), nil, "", meeting.PresentersByRole},
		{as(meeting.RolePresenter), nil, "everyone", "everyone"},
		{as(meeting.RolePresenter), as(meeting.RolePresenter), "", ""},
		{as(meeting.RolePresenter), as(meeting.RoleAttendee), "", meeting.PresentersByRole},
	} {
		got := meeting.Options{Presenters: tt.chosen}.ForRoles(tt.asked, tt.current).Presenters
		if got != tt.want {
			t.Errorf("%q.ForRoles(%v, %v) = %q, want %q", tt.chosen, tt.asked, tt.current, got, tt.want)
		}
	}
}
