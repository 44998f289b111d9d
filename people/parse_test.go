package people_test

import (
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"meetdesk/meeting"
	"meetdesk/people"
)

func TestParse(t *testing.T) {
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
		got, problems := people.Parse(tt.text)
		if problems.Any() || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("Parse(%q) = %+v, %v; want %+v", tt.text, got, problems, tt.want)
		}
		again, problems := people.Parse(people.Lines(got, english))
		if problems.Any() || !reflect.DeepEqual(again, got) {
			t.Errorf("the lines of %q read back as %+v, %v", tt.text, again, problems)
		}
	}
	for _, bad := range []string{
		"ana", "ana@", "@contoso.example", "Ana <ana>", "ana@contoso.example organizer",
		"Ana <ana@contoso.example", "ana@contoso.example>", "<script>@x", "a@b@c.example", "ana@.example",
		// Text that is ambiguous or incomplete.
		"ana@b.example, Bob", "Nair, p@b.example", "Ana <a@b.example> Bob <b@b.example>",
		"Ana\t<a@b.example>\tBob", "mailto:", "a@b.example (Ana", "Ana\n<a@b.example", `"Ana <a@b.example>; b`,
	} {
		if got, problems := people.Parse(bad); !problems.Has(meeting.ReasonAttendeesLine) && !problems.Has(meeting.ReasonAttendeesRole) {
			t.Errorf("Parse(%q) = %+v, want a problem with the line", bad, got)
		}
	}
}

// TestParseProperties checks that Parse reads back what Lines writes, for random names
// with commas, quotes and brackets.
func TestParseProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[A-Z][a-zé'"]{0,8}(,? \(?[A-Za-z.'"-]{1,8}\)?){0,3}`)
		var want []meeting.Attendee
		for i := range rapid.IntRange(1, 6).Draw(t, "people") {
			want = append(want, meeting.Attendee{
				UPN: fmt.Sprintf("person%d@contoso.example", i), Name: name.Draw(t, "name"),
				Role: rapid.SampledFrom([]meeting.AttendeeRole{"", meeting.RolePresenter, meeting.RoleCoorganizer}).Draw(t, "role"),
			})
		}
		got, problems := people.Parse(people.Lines(want, english))
		if problems.Any() || !reflect.DeepEqual(got, want) {
			t.Errorf("%+v reads back as %+v, %v", want, got, problems)
		}
	})
}
