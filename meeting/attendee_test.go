package meeting_test

import (
	"reflect"
	"testing"

	"meetdesk/meeting"
)

func TestParseAttendees(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []meeting.Attendee
	}{
		{"", nil},
		{"ana@contoso.example", []meeting.Attendee{{UPN: "ana@contoso.example"}}},
		{"Ana Silva <ana@contoso.example>", []meeting.Attendee{{UPN: "ana@contoso.example", Name: "Ana Silva"}}},
		{`"Silva, Ana" <ana@contoso.example>`, []meeting.Attendee{{UPN: "ana@contoso.example", Name: "Silva, Ana"}}},
		{"Silva, Ana <ana@contoso.example>", []meeting.Attendee{{UPN: "ana@contoso.example", Name: "Silva, Ana"}}},
		{"ana@contoso.example presenter", []meeting.Attendee{{UPN: "ana@contoso.example", Role: meeting.RolePresenter}}},
		{"Ana <ana@contoso.example> Coorganizer", []meeting.Attendee{{UPN: "ana@contoso.example", Name: "Ana", Role: meeting.RoleCoorganizer}}},
		{"<ana@contoso.example>", []meeting.Attendee{{UPN: "ana@contoso.example"}}},
		{" a@b.example \r\n\r\n b@b.example\n", []meeting.Attendee{{UPN: "a@b.example"}, {UPN: "b@b.example"}}},
		{"Ana <a@b.example>; b@b.example, c@b.example", []meeting.Attendee{{UPN: "a@b.example", Name: "Ana"}, {UPN: "b@b.example"}, {UPN: "c@b.example"}}},
		{"a@b.example\nA@B.EXAMPLE", []meeting.Attendee{{UPN: "a@b.example"}}},
	} {
		got, problems := meeting.ParseAttendees(tt.text)
		if problems.Any() || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%q: %+v %v, want %+v", tt.text, got, problems, tt.want)
		}
		again, problems := meeting.ParseAttendees(meeting.AttendeeLines(got))
		if problems.Any() || !reflect.DeepEqual(again, got) {
			t.Errorf("%q: its lines read back as %+v %v", tt.text, again, problems)
		}
	}
	for _, bad := range []string{
		"ana", "ana@", "@contoso.example", "Ana <ana>", "a b@contoso.example", "ana@contoso.example organizer",
		"Ana <ana@contoso.example", "ana@contoso.example>", "<script>@x", "a@b@c.example", "ana@contoso.example\x00", "ana@.example", "ana@example.",
	} {
		if got, problems := meeting.ParseAttendees(bad); !problems.Has("attendees.line") {
			t.Errorf("%q is taken as %+v", bad, got)
		}
	}
}

func TestSamePeople(t *testing.T) {
	a := meeting.Attendee{UPN: "ana@contoso.example", ObjectID: "1"}
	b := meeting.Attendee{UPN: "bob@contoso.example"}
	for _, tt := range []struct {
		name string
		x, y []meeting.Attendee
		want bool
	}{
		{"in another order", []meeting.Attendee{a, b}, []meeting.Attendee{b, a}, true},
		{"in other capitals", []meeting.Attendee{b}, []meeting.Attendee{{UPN: "BOB@Contoso.Example"}}, true},
		{"by object ID", []meeting.Attendee{a}, []meeting.Attendee{{UPN: "renamed@contoso.example", ObjectID: "1"}}, true},
		{"another object ID", []meeting.Attendee{a}, []meeting.Attendee{{UPN: a.UPN, ObjectID: "2"}}, false},
		{"one missing", []meeting.Attendee{a, b}, []meeting.Attendee{a}, false},
		{"another role", []meeting.Attendee{b}, []meeting.Attendee{{UPN: b.UPN, Role: meeting.RolePresenter}}, false},
		{"Graph's null role", []meeting.Attendee{{UPN: b.UPN, Role: meeting.RoleAttendee}}, []meeting.Attendee{b}, true},
	} {
		if got := meeting.SamePeople(tt.x, tt.y); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
