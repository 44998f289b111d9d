package views

import (
	"maps"
	"net/url"

	"meetdesk/meeting"
	"meetdesk/paths"
)

// Values returns the query parameters, except those with default values.
func (a Ask) Values() url.Values {
	v := make(url.Values)
	whose := a.Whose
	if whose == WhoseAll || !a.MayAll {
		whose = ""
	}
	for name, value := range map[string]string{
		"q": a.Query, "whose": whose, "state": a.State, "origin": a.Origin, "sort": a.Sort, "dates": a.Dates, "from": a.From, "to": a.To,
	} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if a.AsText {
		v.Set("text", "1")
	}
	return v
}

// searchPath returns the path of the search results, which are listed even if there is only
// one.
func searchPath(query string) string {
	return paths.With(paths.History, url.Values{"q": {query}, "list": {"1"}})
}

// backPath returns the path of the list from which the meeting was opened, or "" if it was
// not opened from a list.
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

// whosePath returns the path of the current list, ending in "whose=". Each link to an
// organizer's meetings appends the organizer's ID.
func (a Ask) whosePath() string {
	v := a.Values()
	v.Set("whose", "") // "whose" sorts last, so the path ends with its value
	return paths.With(paths.History, v)
}

func (d HistoryData) withState(state string) string {
	a := d.Ask
	a.State = state
	return paths.With(paths.History, a.Values())
}

func (d HistoryData) withWhose(whose string) string {
	a := d.Ask
	a.Whose = whose
	return paths.With(paths.History, a.Values())
}

// MaxRepeatedQuery is the maximum length, in bytes, of a query that a page repeats in its
// links.
const MaxRepeatedQuery = 1000

func (a Ask) isRepeatable() bool { return len(a.Query) <= MaxRepeatedQuery }
