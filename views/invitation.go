package views

import (
	"cmp"
	"strings"
	"time"
	"unicode"

	"meetdesk/locale"
	"meetdesk/meeting"
)

// said is one line of an invitation or a note. The label (what) and the link are optional.
type said struct{ what, value, link string }

func (s said) text() string {
	if s.what == "" {
		return s.value
	}
	return s.what + ": " + s.value
}

// teller collects the lines of an invitation or a note.
type teller struct {
	p     locale.Printer
	lines []said
}

// add appends a labelled line, unless the value is empty. It removes line breaks, so that a
// subject or name entered by a user cannot start a new line.
func (t *teller) add(key, value string) {
	if value = meeting.OneLine(value); value != "" {
		t.lines = append(t.lines, said{what: t.p.T(key), value: value})
	}
}

// when adds the meeting's times in the given zone. It also adds the times in UTC if they
// differ. For a meeting without a start, it adds nothing.
func (t *teller) when(m meeting.Meeting, zone *time.Location) {
	if m.Start.IsZero() {
		return
	}
	t.add("fact.when", t.p.Range(m.Start, m.End, zone)+" "+t.p.Zone(m.Start, zone))
	t.add("invitation.utc", t.p.Elsewhere(m.Start, m.End, zone, time.UTC))
}

func (t *teller) join(m meeting.Meeting) {
	link := meeting.OneLine(m.JoinURL)
	t.lines = append(t.lines, said{what: t.p.T("invitation.join"), value: link, link: link})
}

// headline returns the title of the calendar entry, which is also the subject of the mail:
// the ticket and the meeting's subject, or a generic title if both are empty. It omits the
// ticket if the subject contains it.
func headline(p locale.Printer, m meeting.Meeting) string {
	ticket, subject := meeting.OneLine(m.ExternalID), meeting.OneLine(m.Subject)
	switch {
	case ticket == "" || subject == "" || strings.Contains(strings.ToLower(subject), strings.ToLower(ticket)):
		return cmp.Or(subject, ticket, p.T("invitation.title"))
	}
	return ticket + ": " + subject
}

// invitation returns the blocks of the invitation: subject and time, join details, and
// telephone numbers. It returns nil if the meeting has no join link.
func invitation(p locale.Printer, m meeting.Meeting, zone *time.Location) (blocks [][]said) {
	if m.JoinURL == "" {
		return nil
	}
	what := teller{p: p, lines: []said{{value: p.T("invitation.title")}}}
	what.add("fact.subject", m.Subject)
	what.add("fact.external_id", m.ExternalID)
	what.when(m, zone)
	join := teller{p: p}
	join.join(m)
	join.add("fact.meeting_id", groupDigits(m.JoinMeetingID))
	join.add("fact.passcode", m.Passcode)
	blocks = append(blocks, what.lines, join.lines)
	if m.TollNumber != "" || m.TollFreeNumber != "" {
		phone := teller{p: p}
		phone.add("fact.phone", m.TollNumber)
		phone.add("fact.phone_free", m.TollFreeNumber)
		phone.add("fact.conference_id", conferenceID(m.ConferenceID))
		phone.add("share.local_number", m.DialInURL)
		blocks = append(blocks, phone.lines)
	}
	return blocks
}

// InvitationText returns the invitation as plain text, or "" for a meeting without a
// join link.
func InvitationText(p locale.Printer, m meeting.Meeting, zone *time.Location) string {
	return plain(invitation(p, m, zone))
}

func plain(blocks [][]said) string {
	var parts []string
	for _, block := range blocks {
		var b strings.Builder
		for _, line := range block {
			b.WriteString(line.text() + "\n")
		}
		parts = append(parts, b.String())
	}
	return strings.Join(parts, "\n")
}

// briefInvitation returns the shortest useful invitation: the join link and the meeting ID.
func briefInvitation(p locale.Printer, m meeting.Meeting) string {
	t := teller{p: p}
	t.join(m)
	t.add("fact.meeting_id", groupDigits(m.JoinMeetingID))
	return plain([][]said{t.lines})
}

// NoteText returns a note for the ticket, or "" for a meeting without a join link. The note
// omits the passcode, because people who are not invited can read the ticket.
func NoteText(p locale.Printer, m meeting.Meeting, zone *time.Location) string {
	if m.JoinURL == "" {
		return ""
	}
	t := teller{p: p, lines: []said{{value: p.T("invitation.title")}}}
	t.add("fact.subject", m.Subject)
	t.when(m, zone)
	t.join(m)
	t.add("fact.meeting_id", groupDigits(m.JoinMeetingID))
	organizer := m.Organizer.DisplayName()
	if m.Organizer.UPN != "" && m.Organizer.UPN != organizer {
		organizer += " <" + m.Organizer.UPN + ">"
	}
	t.add("fact.organizer", organizer)
	return plain([][]said{t.lines})
}

// groupDigits returns the digits in groups of three, as Teams shows a meeting ID: "234 567
// 890 123 4".
func groupDigits(digits string) string {
	var b strings.Builder
	n := 0
	for _, r := range digits {
		if unicode.IsSpace(r) {
			continue
		}
		if n > 0 && n%3 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}

// conferenceID returns the number as callers enter it: "123 456 789#".
func conferenceID(digits string) string {
	if digits == "" {
		return ""
	}
	return strings.TrimSuffix(groupDigits(strings.TrimSuffix(digits, "#")), " ") + "#"
}
