package views

import (
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

// csvPath is the address of the whole list as a table.
func (a Ask) csvPath(bom bool) string {
	v := a.Values()
	if bom {
		v.Set("bom", "1")
	}
	return pathWith("/history.csv", v)
}

// searchPath is the list of what a search finds, also where that is one meeting.
func searchPath(query string) string {
	return HistoryPath(url.Values{"q": {query}, "list": {"1"}})
}

// page can lead back to it.
func HistoryLink(id int64, query string) string {
	if query == "" {
		return meetingPath(id)
	}
	return meetingPath(id) + "?" + url.Values{"q": {query}}.Encode()
}

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
