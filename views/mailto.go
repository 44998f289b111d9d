package views

import (
	"net/url"
	"strings"

	"meetdesk/meeting"
)

// The maximum lengths of a mailto link and of the subject in it, in bytes. Windows passes
// only about 2,000 characters to a mail program.
const (
	maxMailto        = 1900
	maxMailtoSubject = 600
)

// invitationMail returns a mailto link (RFC 6068) to the attendees. If the link is too
// long, its body is shortened. If that is not enough, all addresses are omitted, because
// the user might not notice that some are missing. As a last resort, the link contains only
// the subject.
func (d MeetingData) invitationMail(p Page) string {
	bodies := []string{InvitationText(p.T, d.Meeting, d.zone()), d.briefly(p)}
	subject := mailtoSubject(headline(p.T, d.Meeting))
	for _, to := range []string{d.mailtoAddresses(p), ""} {
		for _, body := range bodies {
			if full := "mailto:" + to + "?subject=" + subject + "&body=" + mailtoEscape(body); len(full) <= maxMailto {
				return full
			}
		}
	}
	return "mailto:?subject=" + subject
}

// briefly returns the shortest useful invitation: the join link and the meeting ID.
func (d MeetingData) briefly(p Page) string {
	short := teller{p: p.T}
	short.join(d.Meeting)
	short.add("fact.meeting_id", groupDigits(d.Meeting.JoinMeetingID))
	return plain([][]said{short.lines})
}

// invited returns the attendees' addresses except the reader's own, or none if the reader
// may not see the attendees.
func (d MeetingData) invited(p Page) (addresses []string) {
	if d.KitOnly {
		return nil
	}
	for _, a := range d.Meeting.Attendees {
		if strings.Contains(a.UPN, "@") && !strings.EqualFold(a.UPN, p.User.UPN) {
			addresses = append(addresses, meeting.OneLine(a.UPN))
		}
	}
	return addresses
}

func (d MeetingData) mailtoAddresses(p Page) string {
	list := d.invited(p)
	for i, address := range list {
		list[i] = mailtoAddress(address)
	}
	return strings.Join(list, ",")
}

// addressesLeftOut reports whether the attendees' addresses do not fit into the mailto
// link. The page then has a button that copies them.
func (d MeetingData) addressesLeftOut(p Page) bool {
	return len(d.invited(p)) > 0 && strings.HasPrefix(d.invitationMail(p), "mailto:?")
}

// addresses returns the attendees' addresses in the format of a mail program's "To" field.
func (d MeetingData) addresses(p Page) string { return strings.Join(d.invited(p), "; ") }

// mailtoAddress escapes an address, but not its "@".
func mailtoAddress(address string) string {
	return strings.ReplaceAll(mailtoEscape(address), "%40", "@")
}

func mailtoSubject(subject string) string { return escapedUpTo(subject, maxMailtoSubject) }

// escapedUpTo escapes the text. It truncates a long text so that the result has at most the
// given number of bytes.
func escapedUpTo(text string, most int) string {
	escaped, cut := mailtoEscape(text), []rune(text)
	for len(escaped) > most {
		cut = cut[:len(cut)-1]
		escaped = mailtoEscape(string(cut) + "…")
	}
	return escaped
}

// mailtoEscape escapes a header value or the body. Line breaks must be %0D%0A (RFC 6068).
func mailtoEscape(text string) string {
	return queryEscape(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n"))
}

// queryEscape escapes a value in a query. Spaces become %20, because mail programs and
// Outlook on the web take "+" literally.
func queryEscape(text string) string {
	return strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
}
