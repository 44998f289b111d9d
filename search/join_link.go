package search

import (
	"regexp"

	"meetdesk/meeting"
)

// The two forms of a join link by which Graph can find a meeting. The long form ends with
// the context parameter, and the short form ends with the p parameter.
var (
	longLink  = regexp.MustCompile(`(?i)https://` + teamsHost + `/l/meetup-join/[^\s<>"/?]+/[0-9]+\?context=%7b[^\s<>"{}&]*?%7d`)
	shortLink = regexp.MustCompile(`(?i)https://` + teamsHost + `/meet/[0-9]+\?p=[a-z0-9]+`)
)

const teamsHost = `(?:[a-z0-9-]+\.)*teams\.(?:microsoft\.(?:com|us)|live\.com|cloud\.microsoft)`

// JoinLink returns the join link in the text. The text may contain other words, and a
// mail filter may have wrapped the link. Graph compares links exactly, so the result is
// exactly the link that Teams created. If there is no link, JoinLink returns the text
// itself. It reads only the first 16,000 bytes.
func JoinLink(text string) string {
	plain := mailText(text[:min(len(text), 2*maxInput)])
	for range maxEscapes {
		plain = unescapeMarkup(plain)
		if link := longLink.FindString(lineBreaks.ReplaceAllString(plain, "")); link != "" {
			return link
		}
		if link := shortLink.FindString(plain); link != "" {
			return link
		}
		plain = decodeHex(plain, '%')
	}
	return text
}

// WithLinkIDs fills in a missing thread ID and meeting ID from the join link. Graph may
// return null for both. The passcode cannot be filled in, because a short link contains only
// a hash of it (microsoft-graph-comms-samples#847).
func WithLinkIDs(d meeting.Details) meeting.Details {
	if d.ThreadID == "" && d.JoinURL != "" {
		d.ThreadID = ThreadID(d.JoinURL)
	}
	if d.JoinMeetingID == "" && d.JoinURL != "" {
		d.JoinMeetingID = MeetingID(d.JoinURL)
	}
	return d
}

// ThreadID returns the thread ID in a meeting's join link. It returns "" if the link does
// not contain exactly one.
func ThreadID(joinURL string) string {
	if in := recognizeLink(joinURL); len(in.Threads) == 1 {
		return in.Threads[0].ID
	}
	return ""
}

// MeetingID returns the meeting ID in a meeting's join link. It returns "" if the link does
// not contain exactly one.
func MeetingID(joinURL string) string {
	if in := recognizeLink(joinURL); in.Kind == KindLink && len(in.MeetingIDs) == 1 {
		return in.MeetingIDs[0]
	}
	return ""
}

// recognizeLink is like Recognize, but finds identifiers only in links.
func recognizeLink(joinURL string) Input {
	rec := recognizer{Input{Kind: KindText}}
	rec.links(meeting.PlainText(joinURL[:min(len(joinURL), maxInput)]))
	return rec.Input
}
