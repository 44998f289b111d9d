package views

import (
	"maps"
	"net/url"

	"meetdesk/meeting"
)

// Values are the address's query. What is understood by itself is left out.
func (a Ask) Values() url.Values {
	v := make(url.Values)
	whose := a.Whose
	if whose == WhoseAll || !a.MayAll {
		whose = ""
	}
	for name, value := range map[string]string{
		"q": a.Query, "whose": whose, "state": a.State, "origin": a.Origin, "sort": a.Sort, "from": a.From, "to": a.To,
	} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return v
}

// HistoryPath is the address of a list.
func HistoryPath(v url.Values) string { return pathWith("/history", v) }

func pathWith(path string, v url.Values) string {
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// tablePath is the address of the whole list as a table.
func (a Ask) tablePath(path string) string { return pathWith(path, a.Values()) }

// searchPath is the list of what a search finds, also where that is one meeting.
func searchPath(query string) string {
	return HistoryPath(url.Values{"q": {query}, "list": {"1"}})
}

// HistoryLink leads to a meeting and remembers the list, so that the meeting's
// page can lead back to it.
func HistoryLink(id int64, list url.Values) string { return pathWith(meetingPath(id), list) }

// backPath leads back to the list that the meeting was opened from; "" for none.
func (d MeetingData) backPath() string {
	if len(d.List) == 0 {
		return ""
	}
	v := maps.Clone(d.List)
	v.Set("list", "1")
	return HistoryPath(v)
}

func (d MeetingData) backWords(p Page) string {
	if query := d.List.Get("q"); query != "" {
		return p.T.T("meeting.back", meeting.Args{"Query": briefly(query)})
	}
	return p.T.T("meeting.back_list")
}

// whosePath is the address of the same list of somebody's meetings, but for their
// UPN at its end: every row has it.
func (a Ask) whosePath() string {
	v := a.Values()
	v.Set("whose", "") // the last in the order of the alphabet
	return HistoryPath(v)
}

// adoptPath is the form that brings in a meeting by its link.
func adoptPath(link string) string {
	return "/meetings/adopt?" + url.Values{meeting.FieldJoinURL: {link}}.Encode()
}
