package views

import (
	"cmp"
	"net/url"
	"slices"

	"meetdesk/meeting"
	"meetdesk/paths"
)

// table returns one of the home page's lists. If byDay is true, its rows are sorted by
// start and grouped by day.
func (d HomeData) table(p Page, meetings []meeting.Meeting, byDay bool) TableData {
	t := TableData{Grouped: byDay, Zone: d.Zone, Now: d.Now}
	for _, m := range meetings {
		t.Rows = append(t.Rows, HistoryRow{Listed: m.Listed()})
		t.Organizer = t.Organizer || m.Organizer.ID != p.User.ID
	}
	if byDay {
		slices.SortStableFunc(t.Rows, func(a, b HistoryRow) int { return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.ID, b.ID)) })
	}
	return t
}

// first returns the ID of the first list of meetings on the page. Only this list shows the
// name of the time zone; in the others, it is visually hidden.
func (d HomeData) first() string {
	switch {
	case len(d.Unfinished) > 0:
		return "unfinished"
	case len(d.Failed) > 0:
		return "failed"
	}
	return "upcoming"
}

func (d HomeData) allPath(p Page, state string) string {
	v := url.Values{"state": {state}}
	if p.User.Role.Has(meeting.HelpDesk) {
		v.Set("whose", WhoseMine)
	}
	return paths.With(paths.History, v)
}
