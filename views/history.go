package views

import (
	"net/url"

	"meetdesk/meeting"
)

// historyCaption says what the list holds, whose it is and in which zone its times are.
func historyCaption(p Page, d HistoryData) string {
	key := "history.caption.own"
	if d.Everyone {
		key = "history.caption.everyone"
	}
	zone := "UTC"
	if d.Zone != nil {
		zone = d.Zone.String()
	}
	caption := p.T.T(key, meeting.Args{"Zone": zone})
	if d.Query == "" {
		return caption
	}
	return p.T.T("history.caption.query", meeting.Args{"Query": d.Query}) + " " + caption
}

// historyLink leads to a meeting and remembers the search, so that the meeting's
// page can lead back to it.
func historyLink(id int64, query string) string {
	if query == "" {
		return meetingPath(id)
	}
	return meetingPath(id) + "?" + url.Values{"q": {query}}.Encode()
}

// historyPath is the list of what a search finds.
func historyPath(query string) string { return "/history?" + url.Values{"q": {query}}.Encode() }
