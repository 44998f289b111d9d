package search

import (
	"meetdesk/meeting"
)

// ThreadID returns the thread that a meeting's join link names, or "" if it names none
// or several.
func ThreadID(joinURL string) string {
	if named := linkScrap(joinURL); len(named.Threads) == 1 {
		return named.Threads[0].ID
	}
	return ""
}

// MeetingID returns the meeting ID that a meeting's join link names, or "" if it
// names none or several.
func MeetingID(joinURL string) string {
	if named := linkScrap(joinURL); named.Kind == KindLink && len(named.MeetingIDs) == 1 {
		return named.MeetingIDs[0]
	}
	return ""
}

// linkScrap is Recognize for a text that is known to be a link.
func linkScrap(joinURL string) Input {
	f := finder{Input{Kind: KindText}}
	f.links(meeting.PlainText(joinURL[:min(len(joinURL), maxScrap)]))
	return f.Input
}

// WithLinkIDs returns the details with the thread and the meeting ID of the join link
// where Graph gives none: chatInfo and joinMeetingIdSettings may be null. The p of a
// short link is not a passcode that anybody could type, but a hash of it (microsoft-
// graph-comms-samples#847).
func WithLinkIDs(d meeting.Details) meeting.Details {
	if d.ThreadID == "" && d.JoinURL != "" {
		d.ThreadID = ThreadID(d.JoinURL)
	}
	if d.JoinMeetingID == "" && d.JoinURL != "" {
		d.JoinMeetingID = MeetingID(d.JoinURL)
	}
	return d
}
