package people

import (
	"strings"

	"meetdesk/meeting"
)

// Line returns the attendee as a line that Parse can read back. The word callback, which
// may be nil, translates a role into the reader's language. The line omits the object ID
// and any role that the form does not offer; meeting.Keep restores both.
func Line(a meeting.Attendee, word func(meeting.AttendeeRole) string) string {
	line := a.UPN
	if name := strings.Join(strings.FieldsFunc(a.Name, endsName), " "); name != "" {
		line = name + " <" + a.UPN + ">"
	}
	if word != nil && a.Role.InForm() {
		line += " " + word(a.Role)
	}
	return line
}

// endsName reports whether Line replaces r with a space in a name.
func endsName(r rune) bool { return strings.ContainsRune(";<>", r) || meeting.IsControl(r) }

// Lines formats the attendees for the form's text field, one per line. It omits people
// without a UPN.
func Lines(attendees []meeting.Attendee, word func(meeting.AttendeeRole) string) string {
	var b strings.Builder
	for _, a := range attendees {
		if a.UPN != "" {
			b.WriteString(Line(a, word))
			b.WriteByte('\n')
		}
	}
	return b.String()
}
