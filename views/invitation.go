package views

import (
	"strings"
	"time"
	"unicode"

	"meetdesk/locale"
	"meetdesk/meeting"
)

// InvitationText is the ready text that tells people how to come: when, in the
// zone and in UTC, and every way to join that Microsoft gave. It is "" for a
// meeting without a join link.
func InvitationText(p locale.Printer, m meeting.Meeting, zone *time.Location) string {
	if m.JoinURL == "" {
		return ""
	}
	var lines []string
	add := func(key, value string) {
		if value != "" {
			lines = append(lines, p.T(key)+": "+value)
		}
	}
	lines = append(lines, p.T("invitation.title"))
	add("fact.subject", m.Subject)
	if !m.Start.IsZero() {
		when := p.Range(m.Start, m.End, zone)
		if p.Zone(m.Start, zone) == "UTC" {
			add("fact.when", when+" UTC")
		} else {
			add("fact.when", when+" "+p.Zone(m.Start, zone))
			add("invitation.utc", p.Range(m.Start, m.End, time.UTC)+" UTC")
		}
	}
	lines = append(lines, "")
	add("invitation.join", m.JoinURL)
	add("fact.meeting_id", groupDigits(m.JoinMeetingID))
	add("fact.passcode", m.Passcode)
	if m.TollNumber != "" || m.TollFreeNumber != "" {
		lines = append(lines, "")
		add("fact.phone", m.TollNumber)
		add("fact.phone_free", m.TollFreeNumber)
		add("fact.conference_id", conferenceID(m.ConferenceID))
	}
	return strings.Join(lines, "\n") + "\n"
}

// groupDigits writes a meeting ID as Teams does, three digits at a time:
// "234 567 890 123 4".
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

// conferenceID is what a caller keys in, "123 456 789#".
func conferenceID(digits string) string {
	if digits == "" {
		return ""
	}
	return strings.TrimSuffix(groupDigits(strings.TrimSuffix(digits, "#")), " ") + "#"
}
