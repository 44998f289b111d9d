package views

import (
	"cmp"
	"strings"
	"time"

	"meetdesk/locale"
	"meetdesk/meeting"
	"meetdesk/views/ui"
)

// Ask contains the query parameters of a list. If the request is invalid, fields may have
// values other than those described here.
type Ask struct {
	Query  string       // the search text; "" for no search
	Whose  string       // WhoseMine, WhoseAll, a user ID, or the UPN of a user who is not in the database
	Person meeting.User // the user identified by Whose; the ID is 0 if there is no such user
	State  string       // one of HistoryStates
	Origin string       // one of HistoryOrigins
	Sort   string       // one of HistorySorts
	Dates  string       // one of HistoryDates
	From   string       // the first day in the form 2006-01-02, or ""
	To     string       // the last day, in the same format as From
	AsText bool         // whether the search treats dates as ordinary text
	MayAll bool         // whether the user may list all users' meetings
	Cut    bool         // whether the search text was truncated
	Others bool         // whether the user requested other users' meetings without permission
}

// Values of Whose that do not identify a user.
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

// historyTabOrder contains the states in the order of their tabs. The tab for "" shows all
// meetings.
var historyTabOrder = []string{"upcoming", "past", "failed", "unfinished", "removed", ""}

// The valid values of State, Origin, Sort and Dates.
var (
	HistoryStates  = []string{"", "upcoming", "past", "failed", "unfinished", "removed"}
	HistoryOrigins = []string{"", "created", "found", "adopted"}
	HistorySorts   = []string{"", SortCreated, SortStart}
	HistoryDates   = []string{"", DatesCreated}
)

// narrowed reports whether the list has any filters apart from the search text, or an order
// other than the default.
func (a Ask) narrowed() bool {
	return a.filtered() || a.State != "" || a.MayAll && a.Whose != WhoseAll
}

// filtered reports whether the request sets the origin, the dates or the order of the list.
func (a Ask) filtered() bool {
	return a.Origin != "" || a.From != "" || a.To != "" || a.Dates != "" || a.Sort != ""
}

// others reports whether the list may contain other users' meetings.
func (a Ask) others() bool { return a.Whose != WhoseMine }

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

func historyOrder(p Page, d HistoryData) string {
	switch {
	case !d.Grouped:
		return p.T.T("history.order.created")
	case d.Ask.State == "upcoming" || d.Day != nil:
		return p.T.T("history.order.next")
	}
	return p.T.T("history.order.start")
}

// dayNote returns a message that explains how the date in the search was interpreted.
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

// historyCount returns a message with the exact or the minimum number of rows, or "" if
// neither is known.
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

func briefly(query string) string {
	const most = 80
	if runes := []rune(query); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return query
}

func (p Page) choices(field string, values []string) (list []ui.Choice) {
	for _, value := range values {
		list = append(list, ui.Choice{Value: value, Label: p.T.T("filter." + field + "." + cmp.Or(value, "any"))})
	}
	return list
}

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

func (d HistoryData) whoseChoices(p Page) []ui.Choice {
	list := p.choices("whose", []string{WhoseAll, WhoseMine})
	if d.Ask.Person.ID != 0 {
		list = append(list, ui.Choice{Value: d.Ask.Whose, Label: d.Ask.Person.DisplayName()})
	}
	return list
}

// adoptClass returns the CSS class of the button that adds a meeting by its join link. For
// users who see only their own meetings, it is the primary button, because the meeting that
// they are looking for is probably their own.
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

// words describes why the search matched a meeting.
func words(p Page, reasons []Why) string {
	list := make([]string, len(reasons))
	for i, w := range reasons {
		list[i] = p.T.T("why."+w.By, meeting.Args{"Name": w.Name})
	}
	return strings.Join(list, ", ")
}
