package meeting_test

import (
	"reflect"
	"testing"

	"meetdesk/meeting"
)

func TestSamePeople(t *testing.T) {
	a := meeting.Attendee{UPN: "ana@contoso.example", ObjectID: "1"}
	b := meeting.Attendee{UPN: "bob@contoso.example"}
	guest := meeting.Attendee{Name: "Guest", Identity: "guest"}
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
		{"one twice", []meeting.Attendee{a, b}, []meeting.Attendee{a, b, {UPN: "BOB@contoso.example"}}, true},
		{"guests of one name", []meeting.Attendee{guest, guest}, []meeting.Attendee{guest, guest}, true},
		{"one guest less of that name", []meeting.Attendee{guest, guest}, []meeting.Attendee{guest}, false},
		{"one more that nothing is known of", []meeting.Attendee{b, {}}, []meeting.Attendee{b, {}, {}}, false},
		{"Graph's null role", []meeting.Attendee{{UPN: b.UPN, Role: meeting.RoleAttendee}}, []meeting.Attendee{b}, true},
	} {
		if got := meeting.SamePeople(tt.x, tt.y); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestKeepOfEntriesThatLookAlike(t *testing.T) {
	guest, phone := meeting.Attendee{Name: "Guest", Identity: "guest"}, meeting.Attendee{Identity: "phone"}
	bob := meeting.Attendee{UPN: "bob@contoso.example"}
	for _, there := range [][]meeting.Attendee{{guest, guest}, {guest, phone, guest, phone, phone}, {{}, {}, bob}, {guest, bob, guest}} {
		kept := meeting.Keep([]meeting.Attendee{bob}, there)
		if again := meeting.Keep(kept, there); !reflect.DeepEqual(again, kept) {
			t.Errorf("of %+v first %+v are kept and then %+v", there, kept, again)
		}
		if got, want := len(meeting.Unaddressed(kept)), len(meeting.Unaddressed(there)); got != want {
			t.Errorf("%d of %+v are kept, want %d", got, there, want)
		}
	}
}
