package people

import (
	"slices"
	"strings"
	"testing"

	"meetdesk/meeting"
)

func TestEntries(t *testing.T) {
	const text = "Priya Nair <priya@contoso.example> presenter; nobody\nAna Silva\nana@fabrikam.example\nApresentadora\nPRIYA@contoso.example\nsomebody"
	var got []string
	for _, e := range Entries(text) {
		if e.Text == "" {
			got = append(got, Line(e.Attendee, func(r meeting.AttendeeRole) string { return string(r) }))
			continue
		}
		if e.Problem.Key != meeting.ReasonAttendeesLine {
			t.Errorf("%q: the problem is %q", e.Text, e.Problem.Key)
		}
		got = append(got, "? "+e.Text)
	}
	want := []string{"Priya Nair <priya@contoso.example> presenter", "? nobody", "Ana Silva <ana@fabrikam.example> presenter", "? somebody"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%q, want\n%q", got, want)
	}
}

func TestEntriesKeepAllText(t *testing.T) {
	text := strings.Repeat("not an address\n", maxProblems) + "priya@contoso.example\nneither; this\nnor this\ntomas@contoso.example"
	entries := Entries(text)
	var lines []string
	for _, e := range entries {
		lines = append(lines, Line(e.Attendee, func(r meeting.AttendeeRole) string { return string(r) })+e.Text)
	}
	if kept := strings.Join(lines, "\n"); kept != text {
		t.Errorf("got\n%s\nwant\n%s", kept, text)
	}
	if last := entries[len(entries)-1]; last.Problem.Key != meeting.ReasonAttendeesLines {
		t.Errorf("the last entry has the problem %q", last.Problem.Key)
	}
}
