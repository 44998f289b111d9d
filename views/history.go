package views

import (
	"cmp"
	"strings"
	"time"

	"meetdesk/locale"
	"meetdesk/meeting"
	"meetdesk/views/ui"
)

// Ask is what a list is asked for, in the words of its address.
type Ask struct {
	Query  string       // what is searched for; or ""
	Whose  string       // WhoseMine, WhoseAll or somebody's UPN
	Person meeting.User // whose that is; ID 0 where nobody has it
	State  string       // one of HistoryStates
	Origin string       // one of HistoryOrigins
	Sort   string       // one of HistorySorts
	From   string       // the first day, 2006-01-02; or ""
	To     string       // the last day
	MayAll bool         // the person may list everybody's meetings
	Cut    bool         // the text was longer than what is looked at
	Others bool         // the address asks for others' meetings, which they may not
}

// Whose meetings are listed, beside a UPN.
const (
	WhoseMine = "mine"
	WhoseAll  = "all"
)

// SortCreated is the order in which the desk made the meetings.
const SortCreated = "created"

// What the fields of a list's address may hold.
var (
	HistoryStates  = []string{"", "upcoming", "past", "failed", "unfinished", "removed"}
	HistoryOrigins = []string{"", "created", "found", "adopted"}
	HistorySorts   = []string{"", SortCreated, "start"}
)

// narrowed reports whether the list is a part of what the person may see.
func (a Ask) narrowed() bool {
	return a.State != "" || a.Origin != "" || a.From != "" || a.To != "" || a.Sort != "" || a.MayAll && a.Whose != WhoseAll
}

// others reports whether others' meetings are in the list.
func (a Ask) others() bool { return a.Whose != WhoseMine }

// historyCaption says what the list holds, whose it is and in which zone its times are.
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

// historyOrder says in which order the rows stand.
func historyOrder(p Page, d HistoryData) string {
	switch {
	case d.Ask.Query != "":
		return p.T.T("history.order.created")
	case d.Ask.State == "upcoming" && d.Ask.Sort != SortCreated:
		return p.T.T("history.order.next")
	case d.Ask.Sort == "start":
		return p.T.T("history.order.start")
	}
	return p.T.T("history.order.created")
}

// historyCount says how many rows the list has, "" where nobody knows.
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

// briefly is a query as it is repeated in a sentence.
func briefly(query string) string {
	const most = 80
	if runes := []rune(query); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return query
}

// choices are a field's values with their words.
func (p Page) choices(field string, values []string) (list []ui.Choice) {
	for _, value := range values {
		list = append(list, ui.Choice{Value: value, Label: p.T.T("filter." + field + "." + cmp.Or(value, "any"))})
	}
	return list
}

// filter is a field of the list's address.
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
		f.Type = "date" // which would not show what is wrong
	}
	return f
}

// whoseChoices are everybody's and one's own, and whose it is now.
func (d HistoryData) whoseChoices(p Page) []ui.Choice {
	list := p.choices("whose", []string{WhoseAll, WhoseMine})
	if d.Ask.Person.ID != 0 {
		list = append(list, ui.Choice{Value: d.Ask.Whose, Label: d.Ask.Person.DisplayName()})
	}
	return list
}

// unknownPerson reports whether somebody's meetings are asked for whom the desk
// does not know.
func (a Ask) unknownPerson() bool {
	return a.MayAll && a.Whose != WhoseAll && a.Whose != WhoseMine && a.Person.ID == 0
}

// HistoryTitle is the name of the page in the browser's tab.
func HistoryTitle(t locale.Printer, query string) string {
	if query == "" {
		return t.T("history.title")
	}
	return "“" + briefly(query) + "” · " + t.T("history.title")
}

// words are the reasons in one line.
func words(p Page, reasons []Why) string {
	list := make([]string, len(reasons))
	for i, w := range reasons {
		list[i] = p.T.T("why."+w.By, meeting.Args{"Name": w.Name})
	}
	return strings.Join(list, ", ")
}
