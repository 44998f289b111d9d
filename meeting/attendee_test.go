package meeting_test

import (
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"

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
		{"Nair, Priya <p@b.example>; Silva, Ana <a@b.example>;", []meeting.Attendee{{UPN: "p@b.example", Name: "Nair, Priya"}, {UPN: "a@b.example", Name: "Silva, Ana"}}},
		{"Nair, Priya <p@b.example>, Silva, Ana <a@b.example>, c@b.example,", []meeting.Attendee{{UPN: "p@b.example", Name: "Nair, Priya"}, {UPN: "a@b.example", Name: "Silva, Ana"}, {UPN: "c@b.example"}}},
		{"c@b.example, Nair, Priya <p@b.example> presenter", []meeting.Attendee{{UPN: "c@b.example"}, {UPN: "p@b.example", Name: "Nair, Priya", Role: meeting.RolePresenter}}},
		{`"Nair, Priya" <p@b.example>, "Silva, Ana" <a@b.example>`, []meeting.Attendee{{UPN: "p@b.example", Name: "Nair, Priya"}, {UPN: "a@b.example", Name: "Silva, Ana"}}},
		{"“Nair, Priya” <p@b.example>, 'Ana' <a@b.example>", []meeting.Attendee{{UPN: "p@b.example", Name: "Nair, Priya"}, {UPN: "a@b.example", Name: "Ana"}}},
		{"Ana O'Neill <a@b.example>; 5\" Bob <b@b.example>", []meeting.Attendee{{UPN: "a@b.example", Name: "Ana O'Neill"}, {UPN: "b@b.example", Name: `5" Bob`}}},
		{"To: Ana Silva <a@b.example>; b@b.example\nCc: c@b.example", []meeting.Attendee{{UPN: "a@b.example", Name: "Ana Silva"}, {UPN: "b@b.example"}, {UPN: "c@b.example"}}},
		{"mailto:a@b.example\nB <mailto:b@b.example>\nmailto:c%2Bx@b.example?subject=INC1", []meeting.Attendee{{UPN: "a@b.example"}, {UPN: "b@b.example", Name: "B"}, {UPN: "c+x@b.example"}}},
		{"Nair, Priya [mailto:p@b.example]", []meeting.Attendee{{UPN: "p@b.example", Name: "Nair, Priya"}}},
		{"a@b.example<mailto:a@b.example>; 'b@b.example' <b@b.example>", []meeting.Attendee{{UPN: "a@b.example"}, {UPN: "b@b.example"}}},
		{"a@b.example (Ana Silva), b@b.example (Nair, Bob), c@b.example (presenter)", []meeting.Attendee{{UPN: "a@b.example", Name: "Ana Silva"}, {UPN: "b@b.example", Name: "Nair, Bob"}, {UPN: "c@b.example", Role: meeting.RolePresenter}}},
		{"Ana Silva\ta@b.example\r\nb@b.example\tBob\nc@b.example\td@b.example\ne@b.example\tpresenter", []meeting.Attendee{{UPN: "a@b.example", Name: "Ana Silva"}, {UPN: "b@b.example", Name: "Bob"}, {UPN: "c@b.example"}, {UPN: "d@b.example"}, {UPN: "e@b.example", Role: meeting.RolePresenter}}},
		{"\u200ba@b.example\u00a0\n• b@b.example\n- c@b.example", []meeting.Attendee{{UPN: "a@b.example"}, {UPN: "b@b.example"}, {UPN: "c@b.example"}}},
		{"a@b.example b@b.example c@b.example", []meeting.Attendee{{UPN: "a@b.example"}, {UPN: "b@b.example"}, {UPN: "c@b.example"}}},
		{",;,a@b.example,,;\n,", []meeting.Attendee{{UPN: "a@b.example"}}},
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
		"ana", "ana@", "@contoso.example", "Ana <ana>", "ana@contoso.example organizer",
		"Ana <ana@contoso.example", "ana@contoso.example>", "<script>@x", "a@b@c.example", "ana@contoso.example\x00", "ana@.example",
		// In two ways, or in none that one could be sure of.
		"ana@b.example, Bob", "Nair, p@b.example", "Ana <a@b.example> Bob <b@b.example>",
		"Ana\t<a@b.example>\tBob", "mailto:", "a@b.example (Ana", "Ana\n<a@b.example", `"Ana <a@b.example>; b`,
	} {
		if got, problems := meeting.ParseAttendees(bad); !problems.Has(meeting.ReasonAttendeesLine) {
			t.Errorf("%q is taken as %+v", bad, got)
		}
	}
}

// What is pasted from the field reads back as it was, whatever the names.
func TestParseAttendeesProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[A-Z][a-zé'"]{0,8}(,? \(?[A-Za-z.'"-]{1,8}\)?){0,3}`)
		var people []meeting.Attendee
		for i := range rapid.IntRange(1, 6).Draw(t, "people") {
			people = append(people, meeting.Attendee{
				UPN: fmt.Sprintf("person%d@contoso.example", i), Name: name.Draw(t, "name"),
				Role: rapid.SampledFrom([]string{"", meeting.RolePresenter, meeting.RoleCoorganizer}).Draw(t, "role"),
			})
		}
		got, problems := meeting.ParseAttendees(meeting.AttendeeLines(people))
		if problems.Any() || !reflect.DeepEqual(got, people) {
			t.Errorf("%+v read back as %+v %v", people, got, problems)
		}
	})
}

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
