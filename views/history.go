package views

import (
	"cmp"
	"strings"
	"time"

	"meetdesk/locale"
	"meetdesk/meeting"
	"meetdesk/views/ui"
)

// Ask holds the query parameters of a list. If the request is invalid, fields may have
// values other than those described here.
type Ask struct {
	Query  string       // the search text; "" for no search
	Whose  string       // WhoseMine, WhoseAll, a person's ID, or the UPN of somebody who is not in the database
	Person meeting.User // the person that Whose names; the ID is 0 if there is none, or if nobody has that UPN
	State  string       // one of HistoryStates
	Origin string       // one of HistoryOrigins
	Sort   string       // one of HistorySorts
	Dates  string       // one of HistoryDates
	From   string       // the first day as 2006-01-02, or ""
	To     string       // the last day, in the same format as From
	AsText bool         // the search treats words that name a day as ordinary text
	MayAll bool         // the person may list everybody's meetings
	Cut    bool         // the search was too long and has been cut
	Others bool         // the person asked for other people's meetings but may not see them
}

// Values of Whose that do not name a person.
const (
	WhoseMine = "mine"
	WhoseAll  = "all"
)

// Values of Sort and Dates. With DatesCreated, From and To are the days on which meetings
// were recorded. By default, they are the days on which meetings start.
const (
	SortCreated  = "created" // in the order in which the desk recorded the meetings
	SortStart    = "start"
	DatesCreated = "created"
)

// historyTabOrder contains the states in the order of their tabs. "" is the tab with all
// meetings.
var historyTabOrder = []string{"upcoming", "past", "failed", "unfinished", "removed", ""}

// The values that the parameters for state, origin, sort and dates accept.
var (
	HistoryStates  = []string{"", "upcoming", "past", "failed", "unfinished", "removed"}
	HistoryOrigins = []string{"", "created", "found", "adopted"}
	HistorySorts   = []string{"", SortCreated, SortStart}
	HistoryDates   = []string{"", DatesCreated}
)

// narrowed reports whether the list has filters or an order other than the default. The
// search text does not count as a filter.
func (a Ask) narrowed() bool {
	return a.filtered() || a.State != "" || a.MayAll && a.Whose != WhoseAll
}

// filtered reports whether the person has set the origin, the dates or the order of the
// list.
func (a Ask) filtered() bool {
	return a.Origin != "" || a.From != "" || a.To != "" || a.Dates != "" || a.Sort != ""
}

// others reports whether the list is not limited to the person's own meetings.
func (a Ask) others() bool { return a.Whose != WhoseMine }

// historyCaption returns a sentence that says whose meetings the list contains, and in
// which time zone it shows times.
func historyCaption(p Page, d HistoryData) string {
	args := meeting.Args{"Zone": zoneName(d.Zone), "Name": cmp.Or(d.Ask.Person.DisplayName(), d.Ask.Whose)}
	key := "history.caption.person"
	switch d.Ask.Whose {
	case WhoseMine, "":
		key = "history.caption.own"
	case WhoseAll:
		key = "history.caption.everyone"
	}
	return p.T.T(key, args)
}

// historyOrder returns a sentence that describes the order of the rows.
func historyOrder(p Page, d HistoryData) string {
	switch {
	case !d.Grouped:
		return p.T.T("history.order.created")
	case d.Ask.State == "upcoming" || d.Day != nil:
		return p.T.T("history.order.next")
	}
	return p.T.T("history.order.start")
}

// dayNote returns a sentence that says how the desk understood the day in the search.
func dayNote(p Page, d HistoryData) string {
	args := meeting.Args{"Day": p.T.Date(d.Day.Date, nil), "Words": briefly(d.Day.Words), "Query": briefly(d.Ask.Query)}
	switch {
	case d.Day.Nothing:
		return p.T.T("history.day.nothing", args)
	case d.Day.Words != "":
		return p.T.T("history.day.with", args)
	}
	return p.T.T("history.day", args)
}

// historyCount returns the number of rows in words, or "more than" a number. If neither is
// known, it returns "".
func historyCount(p Page, d HistoryData) string {
	switch {
	case d.CountAll:
		return p.T.N("history.count", d.Count, meeting.Args{"N": p.T.Number(d.Count)})
	case d.More:
		return p.T.T("history.count.more", meeting.Args{"N": p.T.Number(d.Count)})
	}
	return ""
}

func zoneName(zone *time.Location) string {
	if zone == nil {
		return "UTC"
	}
	return zone.String()
}

// briefly returns the query, shortened so that it can be quoted in a sentence.
func briefly(query string) string {
	const most = 80
	if runes := []rune(query); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return query
}

// choices returns the given values of a filter field, with their labels.
func (p Page) choices(field string, values []string) (list []ui.Choice) {
	for _, value := range values {
		list = append(list, ui.Choice{Value: value, Label: p.T.T("filter." + field + "." + cmp.Or(value, "any"))})
	}
	return list
}

// filter returns the named field of the filter form, with its problems.
func (d HistoryData) filter(p Page, name, value string) ui.Field {
	f := ui.Field{Name: name, Label: p.T.T("filter." + name), Value: value}
	for _, problem := range d.Problems.Field(name) {
		f.Errors = append(f.Errors, p.T.Problem(problem))
	}
	return f
}

func (d HistoryData) dateFilter(p Page, name, value string) ui.Field {
	f := d.filter(p, name, value)
	if len(f.Errors) == 0 {
		f.Type = "date" // not for a malformed value, because a date field would not show it
	}
	return f
}

// whoseChoices returns the choices for whose meetings to list: everybody's, the user's own,
// and the selected person's.
func (d HistoryData) whoseChoices(p Page) []ui.Choice {
	list := p.choices("whose", []string{WhoseAll, WhoseMine})
	if d.Ask.Person.ID != 0 {
		list = append(list, ui.Choice{Value: d.Ask.Whose, Label: d.Ask.Person.DisplayName()})
	}
	return list
}

// adoptClass returns the class of the button that adds the meeting whose join link was
// searched for. The button is primary for people who see only their own meetings, because
// the meeting is probably theirs.
func (d HistoryData) adoptClass() string {
	if d.Ask.MayAll {
		return "quiet"
	}
	return "primary"
}

// unknownPerson reports whether the list is restricted to a person who is not in the
// database.
func (a Ask) unknownPerson() bool {
	return a.MayAll && a.Whose != WhoseAll && a.Whose != WhoseMine && a.Person.ID == 0
}

// HistoryTitle returns the title of a list page.
func HistoryTitle(t locale.Printer, query string) string {
	if query == "" {
		return t.T("history.title")
	}
	return "“" + briefly(query) + "” · " + t.T("history.title")
}

// words returns the reasons why a search found a meeting, separated by commas.
func words(p Page, reasons []Why) string {
	list := make([]string, len(reasons))
	for i, w := range reasons {
		list[i] = p.T.T("why."+w.By, meeting.Args{"Name": w.Name})
	}
	return strings.Join(list, ", ")
}
