package people_test

import (
	"reflect"
	"testing"

	"meetdesk/meeting"
	"meetdesk/people"
)

func english(role meeting.AttendeeRole) string { return string(role) }

func TestRolesAreRead(t *testing.T) {
	const presenter, coorganizer = meeting.RolePresenter, meeting.RoleCoorganizer
	for _, tt := range []struct {
		text string
		want []meeting.Attendee
	}{
		{"ana@b.example, coorganizador", []meeting.Attendee{{UPN: "ana@b.example", Role: coorganizer}}},
		{"Ana Silva <ana@b.example>; Presenter; bob@b.example", []meeting.Attendee{{UPN: "ana@b.example", Name: "Ana Silva", Role: presenter}, {UPN: "bob@b.example"}}},
		{"ana@b.example - apresentadora", []meeting.Attendee{{UPN: "ana@b.example", Role: presenter}}},
		{"apresentador: ana@b.example", []meeting.Attendee{{UPN: "ana@b.example", Role: presenter}}},
		{"Co-organizer: Ana <ana@b.example>", []meeting.Attendee{{UPN: "ana@b.example", Name: "Ana", Role: coorganizer}}},
		{"Presenters: ana@b.example, Bob <bob@b.example>", []meeting.Attendee{{UPN: "ana@b.example", Role: presenter}, {UPN: "bob@b.example", Name: "Bob", Role: presenter}}},
		{"Coorganizadores: ana@b.example bob@b.example", []meeting.Attendee{{UPN: "ana@b.example", Role: coorganizer}, {UPN: "bob@b.example", Role: coorganizer}}},
		{"Presenters: ana@b.example coorganizer; bob@b.example", []meeting.Attendee{{UPN: "ana@b.example", Role: coorganizer}, {UPN: "bob@b.example", Role: presenter}}},
		{"Ana Silva (Presenter) <ana@b.example>", []meeting.Attendee{{UPN: "ana@b.example", Name: "Ana Silva", Role: presenter}}},
		{"ana@b.example\nbob@b.example\nAna@B.example presenter\nbob@b.example", []meeting.Attendee{{UPN: "ana@b.example", Role: presenter}, {UPN: "bob@b.example"}}},
		{"ana@b.example presenter\nana@b.example", []meeting.Attendee{{UPN: "ana@b.example", Role: presenter}}},
		{"Participante: ana@b.example", []meeting.Attendee{{UPN: "ana@b.example"}}},
	} {
		if got, problems := people.Parse(tt.text); problems.Any() || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("Parse(%q) = %+v, %v; want %+v", tt.text, got, problems, tt.want)
		}
	}
}

// TestUnknownRolesAreRefused checks that Parse refuses an unknown role or a role without a
// person, and that Entries keeps the refused text.
func TestUnknownRolesAreRefused(t *testing.T) {
	for text, word := range map[string]string{
		"ana@b.example organizer":            "organizer",
		"Ana <ana@b.example> (Moderator)":    "Moderator",
		"palestrante: ana@b.example":         "palestrante",
		"Co-host: Ana Silva <ana@b.example>": "co-host",
		"Presenters:\nana@b.example":         "presenters",
	} {
		_, problems := people.Parse(text)
		if len(problems) != 1 {
			t.Errorf("Parse(%q) has the problems %v, want one", text, problems)
			continue
		}
		if got, _ := problems[0].Args["Word"].(string); got != word {
			t.Errorf("Parse(%q) refuses the word %q, want %q", text, got, word)
		}
		lost := true
		for _, e := range people.Entries(text) {
			lost = lost && e.Text == ""
		}
		if lost {
			t.Errorf("Entries(%q) has no entry with the text that was refused", text)
		}
	}
}

// TestLinesOfTheMeeting checks that Parse reads the lines of people who are already in
// the meeting, with or without a role, even if their addresses would otherwise be refused.
func TestLinesOfTheMeeting(t *testing.T) {
	odd := meeting.Attendee{UPN: "zoë@b.example", Name: "Zoë", Role: meeting.RoleCoorganizer}
	for _, word := range []string{"", " coorganizer", " Coorganizador", " presenter"} {
		got, problems := people.Parse("Zoë <zoë@b.example>"+word, odd)
		if problems.Any() || len(got) != 1 || got[0].UPN != odd.UPN {
			t.Errorf("the line with %q is read as %+v, %v", word, got, problems)
		}
	}
}
