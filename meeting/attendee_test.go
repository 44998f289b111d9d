package meeting_test

import (
	"reflect"
	"testing"

	"meetdesk/meeting"
)

func TestSamePeople(t *testing.T) {
	a := meeting.Attendee{UPN: "ana@contoso.example", ObjectID: "1"}
	b := meeting.Attendee{UPN: "bob@contoso.example"}
	guest := meeting.Attendee{Name: "Guest", Identity: meeting.IdentityGuest}
	ana := meeting.Attendee{Name: "Ana", Identity: meeting.IdentityGuest}
	presenter := meeting.Attendee{Name: "Ana", Identity: meeting.IdentityGuest, Role: meeting.RolePresenter}
	for _, tt := range []struct {
		name string
		x, y []meeting.Attendee
		want bool
	}{
		{"other order", []meeting.Attendee{a, b}, []meeting.Attendee{b, a}, true},
		{"other capitals", []meeting.Attendee{b}, []meeting.Attendee{{UPN: "BOB@Contoso.Example"}}, true},
		{"by object ID", []meeting.Attendee{a}, []meeting.Attendee{{UPN: "renamed@contoso.example", ObjectID: "1"}}, true},
		{"another object ID", []meeting.Attendee{a}, []meeting.Attendee{{UPN: a.UPN, ObjectID: "2"}}, false},
		{"a missing person", []meeting.Attendee{a, b}, []meeting.Attendee{a}, false},
		{"another role", []meeting.Attendee{b}, []meeting.Attendee{{UPN: b.UPN, Role: meeting.RolePresenter}}, false},
		{"a person listed twice", []meeting.Attendee{a, b}, []meeting.Attendee{a, b, {UPN: "BOB@contoso.example"}}, true},
		{"guests with the same name", []meeting.Attendee{guest, guest}, []meeting.Attendee{guest, guest}, true},
		{"one guest fewer with that name", []meeting.Attendee{guest, guest}, []meeting.Attendee{guest}, false},
		{"one more entry without any data", []meeting.Attendee{b, {}}, []meeting.Attendee{b, {}, {}}, false},
		{"one guest fewer, and another more", []meeting.Attendee{ana, ana, guest}, []meeting.Attendee{ana, guest, guest}, false},
		{"guests with the same name and other roles", []meeting.Attendee{ana, ana, presenter}, []meeting.Attendee{ana, presenter, presenter}, false},
		{"a guest with Graph's null role", []meeting.Attendee{{Name: "Ana", Identity: meeting.IdentityGuest, Role: meeting.RoleAttendee}}, []meeting.Attendee{ana}, true},
		{"Graph's null role", []meeting.Attendee{{UPN: b.UPN, Role: meeting.RoleAttendee}}, []meeting.Attendee{b}, true},
	} {
		if got := meeting.SamePeople(tt.x, tt.y); got != tt.want {
			t.Errorf("%s: SamePeople = %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestKeepUnidentifiedEntries(t *testing.T) {
	guest, phone := meeting.Attendee{Name: "Guest", Identity: meeting.IdentityGuest}, meeting.Attendee{Identity: meeting.IdentityPhone}
	bob := meeting.Attendee{UPN: "bob@contoso.example"}
	for _, current := range [][]meeting.Attendee{{guest, guest}, {guest, phone, guest, phone, phone}, {{}, {}, bob}, {guest, bob, guest}} {
		kept := meeting.Keep([]meeting.Attendee{bob}, current)
		if again := meeting.Keep(kept, current); !reflect.DeepEqual(again, kept) {
			t.Errorf("Keep for %+v returns %+v the first time and %+v the second", current, kept, again)
		}
		if got, want := len(meeting.Unaddressed(kept)), len(meeting.Unaddressed(current)); got != want {
			t.Errorf("Keep has %d unaddressed people of %+v, want %d", got, current, want)
		}
	}
}
