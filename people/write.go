package people

import (
	"strings"

	"meetdesk/meeting"
)

// Line returns the attendee as a line that Parse reads back. A line cannot contain an
// object ID or a role that the form does not offer; see meeting.Keep.
func Line(a meeting.Attendee) string {
	line := a.UPN
	if name := strings.Join(strings.FieldsFunc(a.Name, endsName), " "); name != "" {
		line = name + " <" + a.UPN + ">"
	}
	if a.Role.InForm() {
		line += " " + string(a.Role)
	}
	return line
}

// endsName reports whether r would end the name or the line.
func endsName(r rune) bool { return strings.ContainsRune(";<>", r) || meeting.IsControl(r) }

// Lines returns the attendees as the text of the form's field, one per line. It leaves
// out people without a UPN.
func Lines(attendees []meeting.Attendee) string {
	var b strings.Builder
	for _, a := range attendees {
		if a.UPN != "" {
			b.WriteString(Line(a))
			b.WriteByte('\n')
		}
	}
	return b.String()
}
