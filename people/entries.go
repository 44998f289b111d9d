package people

import "meetdesk/meeting"

// Entry is one entry of the attendee field: a person, or text that cannot be read.
type Entry struct {
	meeting.Attendee
	Text    string          // the text that cannot be read; "" for a person
	Problem meeting.Problem // why the text cannot be read

	person int // the index in attendeeList.people, used only during parsing
}

// Entries reads the attendee field as Parse does and returns its entries in order,
// including unreadable text. If reading stops at a limit, the last entry contains the
// rest of the text.
func Entries(text string, current ...meeting.Attendee) []Entry {
	l := newList(current)
	rest := l.readText(text)
	for i, e := range l.entries {
		if e.Text == "" {
			l.entries[i].Attendee = l.people[e.person] // a later line may have set the role
		}
	}
	if rest != "" {
		l.entries = append(l.entries, Entry{Text: rest, Problem: l.problems[len(l.problems)-1]})
	}
	return l.entries
}
