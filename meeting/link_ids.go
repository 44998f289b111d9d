package meeting

// LinkThread returns the thread that a meeting's join link names, or "" if it names none
// or several.
func LinkThread(joinURL string) string {
	if named := linkScrap(joinURL); len(named.Threads) == 1 {
		return named.Threads[0].ID
	}
	return ""
}

// LinkMeetingID returns the meeting ID that a meeting's join link names, or "" if it
// names none or several.
func LinkMeetingID(joinURL string) string {
	if named := linkScrap(joinURL); named.Kind == ScrapLink && len(named.MeetingIDs) == 1 {
		return named.MeetingIDs[0]
	}
	return ""
}

// linkScrap is Recognize for a text that is known to be a link.
func linkScrap(joinURL string) Scrap {
	f := finder{Scrap{Kind: ScrapWords}}
	f.links(legible(joinURL[:min(len(joinURL), maxScrap)]))
	return f.Scrap
}

// WithLinkIDs returns the details with the thread and the meeting ID of the join link
// where Graph gives none: chatInfo and joinMeetingIdSettings may be null. The p of a
// short link is not a passcode that anybody could type, but a hash of it (microsoft-
// graph-comms-samples#847).
func (d Details) WithLinkIDs() Details {
	if d.ThreadID == "" && d.JoinURL != "" {
		d.ThreadID = LinkThread(d.JoinURL)
	}
	if d.JoinMeetingID == "" && d.JoinURL != "" {
		d.JoinMeetingID = LinkMeetingID(d.JoinURL)
	}
	return d
}
