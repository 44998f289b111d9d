package meeting

import (
	"net/mail"
	"slices"
	"strings"
)

// MaxAttendees is the most people one meeting may be asked for. Graph returns
// at most 750 of them on GET, and an update must send the whole list.
const MaxAttendees = 500

// The roles an attendee can have in Graph's onlineMeetingRole; "" is an
// ordinary attendee.
const (
	RoleAttendee    = "attendee"
	RolePresenter   = "presenter"
	RoleCoorganizer = "coorganizer"
)

// Attendee is one person of a meeting, the organizer apart.
type Attendee struct {
	UPN      string `json:"upn"`
	ObjectID string `json:"objectId,omitempty"`
	Name     string `json:"name,omitempty"`
	Role     string `json:"role,omitempty"`
}

// String returns the attendee as a line that ParseAttendees reads back.
func (a Attendee) String() string {
	line := a.UPN
	if a.Name != "" {
		line = a.Name + " <" + a.UPN + ">"
	}
	if a.Role != "" && a.Role != RoleAttendee {
		line += " " + a.Role
	}
	return line
}

// Same reports whether both are the same person: by object ID where both have
// one, otherwise by the UPN without regard to case.
func (a Attendee) Same(b Attendee) bool {
	if a.ObjectID != "" && b.ObjectID != "" {
		return strings.EqualFold(a.ObjectID, b.ObjectID)
	}
	return strings.EqualFold(a.UPN, b.UPN)
}

// AttendeeLines returns the attendees as the text of the form's field, one a line.
func AttendeeLines(attendees []Attendee) string {
	var b strings.Builder
	for _, a := range attendees {
		b.WriteString(a.String())
		b.WriteByte('\n')
	}
	return b.String()
}

// ParseAttendees reads the form's field: one person a line, or several
// separated by semicolons; each "mail" or "Name <mail>", either followed by
// "presenter" or "coorganizer". A person named twice is kept once. Problems
// name the line that is no address.
func ParseAttendees(text string) ([]Attendee, Problems) {
	var (
		list     []Attendee
		problems Problems
	)
	entries := strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' || r == ';' })
	for _, entry := range entries {
		entry = strings.TrimSpace(entry)
		if entry == "" {
			continue
		}
		for _, one := range splitCommas(entry) {
			a, ok := parseAttendee(one)
			if !ok {
				problems.add(FieldAttendees, "attendees.line", Args{"Line": shorten(one, 80)})
				continue
			}
			if !slices.ContainsFunc(list, a.Same) {
				list = append(list, a)
			}
		}
	}
	if len(list) > MaxAttendees {
		problems.add(FieldAttendees, "attendees.many", Args{"Max": MaxAttendees, "Count": len(list)})
	}
	return list, problems
}

// splitCommas splits "a@b.c, d@e.f" but not "Nair, Priya <priya@b.c>", where
// the comma belongs to the name.
func splitCommas(entry string) []string {
	parts := strings.Split(entry, ",")
	for i, part := range parts {
		parts[i] = strings.TrimSpace(part)
		if !strings.Contains(part, "@") {
			return []string{entry}
		}
	}
	return parts
}

func parseAttendee(line string) (Attendee, bool) {
	var a Attendee
	if i := strings.LastIndexAny(line, " \t"); i > 0 {
		switch role := strings.ToLower(line[i+1:]); role {
		case RolePresenter, RoleCoorganizer:
			a.Role, line = role, strings.TrimSpace(line[:i])
		}
	}
	a.UPN = line
	if open := strings.LastIndexByte(line, '<'); open >= 0 && strings.HasSuffix(line, ">") {
		a.Name = strings.Trim(strings.TrimSpace(line[:open]), `"'`)
		a.UPN = strings.TrimSpace(line[open+1 : len(line)-1])
	}
	if len(a.Name) > 256 || hasControl(a.Name) || strings.ContainsAny(a.Name, "<>") || !isAddress(a.UPN) {
		return Attendee{}, false
	}
	return a, true
}

// isAddress reports whether s is a plain mail address with a domain, as a UPN is.
func isAddress(s string) bool {
	if len(s) > 320 || strings.ContainsAny(s, "<>\"(),:;\\ \t") || hasControl(s) {
		return false
	}
	parsed, err := mail.ParseAddress(s)
	if err != nil || parsed.Address != s {
		return false
	}
	_, domain, _ := strings.Cut(s, "@")
	return domain != "" && !strings.HasPrefix(domain, ".") && !strings.HasSuffix(domain, ".")
}
