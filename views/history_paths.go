package views

import (
	"maps"
	"net/url"

	"meetdesk/meeting"
	"meetdesk/paths"
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

// searchPath is the list of what a search finds, also where that is one meeting.
func searchPath(query string) string {
	return paths.With(paths.History, url.Values{"q": {query}, "list": {"1"}})
}

// backPath leads back to the list that the meeting was opened from; "" for none.
func (d MeetingData) backPath() string {
	if len(d.List) == 0 {
		return ""
	}
	v := maps.Clone(d.List)
	v.Set("list", "1")
	return paths.With(paths.History, v)
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
	return paths.With(paths.History, v)
}
