package views_test

import (
	"slices"
	"strings"
	"testing"

	"meetdesk/locale"
	"meetdesk/meeting"
	"meetdesk/people"
)

// TestFormReadsLabelsOfPeople checks that the form understands, in every language, the
// labels that pages show next to people, such as roles.
func TestFormReadsLabelsOfPeople(t *testing.T) {
	catalogue, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range catalogue.Printer().Languages() {
		p := catalogue.Printer(language.Tag)
		for key, role := range map[string]meeting.AttendeeRole{
			"attendee.presenter": meeting.RolePresenter, "attendee.coorganizer": meeting.RoleCoorganizer,
			"standing.outside": "", "standing.unresolved": "",
		} {
			want := []meeting.Attendee{{UPN: "ana@b.example", Name: "Ana Silva", Role: role}}
			if written := people.Lines(want, p.Role); role != "" {
				if got, problems := people.Parse(written); problems.Any() || !slices.Equal(got, want) {
					t.Errorf("%s: the form writes %q, which is read as %+v %v", language.Tag, written, got, problems)
				}
			}
			text := "Ana Silva ana@b.example " + p.T(key) + "\n" + p.T("standing.outside.text") + "\n" + p.T("standing.unresolved.text")
			if got, problems := people.Parse(text); problems.Any() || !slices.Equal(got, want) {
				t.Errorf("%s: %q is read as %+v %v; add %q to tags in people/tag.go", language.Tag, text, got, problems, strings.ToLower(p.T(key)))
			}
		}
	}
}
