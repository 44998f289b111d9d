package views

import (
	"net/url"
	"strings"

	"meetdesk/meeting"
)

// The longest address of a mail to be written, and of its subject in that
// address, in bytes. Windows hands on about 2,000 characters to a mail program;
// what is longer opens no mail, or a cut one.
const (
	maxMailto        = 1900
	maxMailtoSubject = 600
)

// invitationMail is a mail with the invitation, to nobody yet (RFC 6068). An
// invitation too long for an address gives way to the link and the meeting ID.
func (d MeetingData) invitationMail(p Page) string {
	short := teller{p: p.T}
	short.join(d.Meeting)
	short.add("fact.meeting_id", groupDigits(d.Meeting.JoinMeetingID))
	address := "mailto:?subject=" + mailtoSubject(meeting.OneLine(subjectOf(p, d.Meeting.Subject)))
	for _, body := range []string{InvitationText(p.T, d.Meeting, d.zone()), plain([][]said{short.lines})} {
		if full := address + "&body=" + mailtoEscape(body); len(full) <= maxMailto {
			return full
		}
	}
	return address
}

// mailtoSubject escapes a subject, cut between two characters where it is too long.
func mailtoSubject(subject string) string {
	escaped, cut := mailtoEscape(subject), []rune(subject)
	for len(escaped) > maxMailtoSubject {
		cut = cut[:len(cut)-1]
		escaped = mailtoEscape(string(cut) + "…")
	}
	return escaped
}

// mailtoEscape escapes a header or body for a mailto address: mail programs take
// "+" for itself, and RFC 6068 writes a line break as %0D%0A.
func mailtoEscape(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
	return strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
}
