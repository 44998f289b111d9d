package views

import (
	"net/url"
	"strings"

	"meetdesk/meeting"
)

// Limits in bytes for a mailto link and for the subject in it. Windows passes about 2,000
// characters to a mail program. If a link is longer, the mail does not open or is
// truncated.
const (
	maxMailto        = 1900
	maxMailtoSubject = 600
)

// invitationMail returns a mailto link (RFC 6068) for a mail that contains the invitation
// but has no recipient. If the invitation is too long, the mail contains only the join
// link and the meeting ID.
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

// mailtoSubject escapes a subject. If it is too long, it is cut, but never within a
// character.
func mailtoSubject(subject string) string {
	escaped, cut := mailtoEscape(subject), []rune(subject)
	for len(escaped) > maxMailtoSubject {
		cut = cut[:len(cut)-1]
		escaped = mailtoEscape(string(cut) + "…")
	}
	return escaped
}

// mailtoEscape escapes a header or a body. Spaces must be %20, since mail programs take
// "+" literally, and line breaks must be %0D%0A (RFC 6068).
func mailtoEscape(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
	return strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
}
