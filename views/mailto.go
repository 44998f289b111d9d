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

// mailto returns a mailto link (RFC 6068) to the attendees. If the link is too long, its
// body is shortened. If that is not enough, all addresses are omitted, because the user
// might not notice that some are missing. As a last resort, the link contains only the
// subject.
func (l letter) mailto() string {
	subject := mailtoSubject(l.title)
	for _, to := range []string{mailtoAddresses(l.to), ""} {
		for _, body := range []string{l.text, l.brief} {
			if full := "mailto:" + to + "?subject=" + subject + "&body=" + mailtoEscape(body); len(full) <= maxMailto {
				return full
			}
		}
	}
	return "mailto:?subject=" + subject
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

func mailtoAddresses(list []string) string {
	escaped := make([]string, len(list))
	for i, address := range list {
		escaped[i] = mailtoAddress(address)
	}
	return strings.Join(escaped, ",")
}

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
