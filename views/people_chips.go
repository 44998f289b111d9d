package views

import (
	"encoding/json"
	"strings"

	"meetdesk/meeting"
	"meetdesk/people"
)

// Chip is one entry in the attendee field, as the script shows it: a person, or text that
// cannot be parsed.
type Chip struct {
	Line  string `json:"line"` // what the field contains for this entry, without the role
	UPN   string `json:"upn,omitempty"`
	Name  string `json:"name,omitempty"`
	Role  string `json:"role,omitempty"` // the role, in the reader's language
	Error string `json:"error,omitempty"`
}

// maxChipsText is the maximum length, in bytes, of a list of people that is shown as chips.
const maxChipsText = 64 << 10

// Chips returns the entries in the attendee field. current lists the people who are already
// in the meeting.
func Chips(p Page, text string, current []meeting.Attendee) []Chip {
	chips := []Chip{} // so that an empty list is [] in JSON
	known := make(map[string]bool, len(current))
	for _, a := range current {
		known[people.Line(a, nil)] = true
	}
	for _, e := range people.Entries(text, current...) {
		if e.Text != "" {
			chips = append(chips, Chip{Line: e.Text, Error: p.T.Problem(e.Problem)})
			continue
		}
		role := ""
		if e.Role.InForm() {
			role = p.T.Role(e.Role)
		}
		line := people.Line(e.Attendee, nil)
		if !known[line] {
			line = PersonLine(e.Attendee)
		}
		chips = append(chips, Chip{Line: line, UPN: e.UPN, Name: e.Name, Role: role})
	}
	return chips
}

// PersonLine returns the person's line in the attendee field, without the role. If that
// line would not parse back to the UPN, PersonLine returns only the UPN.
func PersonLine(a meeting.Attendee) string {
	line := people.Line(a, nil)
	if read, problems := people.Parse(line); problems.Any() || len(read) != 1 || read[0].UPN != a.UPN {
		return a.UPN
	}
	return line
}

// chips returns the entries in the form's attendee field, with their problems, as JSON.
func (d FormData) chips(p Page) (string, error) {
	var current []meeting.Attendee
	if d.Meeting != nil {
		current = d.Meeting.Attendees
	}
	chips := Chips(p, d.Form.Attendees, current)
	for _, problem := range d.Problems.Field(meeting.FieldAttendees) {
		for i, chip := range chips {
			if who, ok := problem.Args["Who"].(string); ok && strings.EqualFold(who, chip.UPN) {
				chips[i].Error = p.T.Problem(problem)
			}
		}
	}
	body, err := json.Marshal(chips)
	return string(body), err
}
