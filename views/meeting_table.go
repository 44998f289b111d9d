package views

import (
	"net/url"
	"time"

	"meetdesk/paths"
)

// TableData holds the data for a table of meetings.
type TableData struct {
	Rows      []HistoryRow
	List      url.Values // query parameters of the list, for the links to the meetings
	Grouped   bool       // put the rows under headings by day
	Zone      *time.Location
	Now       time.Time
	Organizer bool   // show who organizes each meeting
	whose     string // path of an organizer's meeting list, up to the organizer's ID; "" for no links
}

// rowGroup is the part of a table that lists one day's meetings. A table that is not
// grouped has a single rowGroup with all rows.
type rowGroup struct {
	Day  string // "" if the table is not grouped
	Rows []HistoryRow
}

// groups divides the rows by the day on which the meetings start or, if they have no
// start, were created.
func (d TableData) groups(p Page) (list []rowGroup) {
	if !d.Grouped {
		return []rowGroup{{Rows: d.Rows}}
	}
	last := ""
	for _, row := range d.Rows {
		at := row.Start
		if at.IsZero() {
			at = row.CreatedAt
		}
		if day := p.T.Date(at, d.Zone); day != last {
			last = day
			list = append(list, rowGroup{Day: p.dayName(at, d.Now, d.Zone)})
		}
		list[len(list)-1].Rows = append(list[len(list)-1].Rows, row)
	}
	return list
}

func (d TableData) columns() string {
	if d.Organizer {
		return "6"
	}
	return "5"
}

// dayName returns the date, preceded by "Today", "Tomorrow" or "Yesterday" where
// applicable.
func (p Page) dayName(at, now time.Time, zone *time.Location) string {
	if zone == nil {
		zone = time.UTC
	}
	date, today := p.T.Date(at, zone), now.In(zone)
	for _, near := range []struct {
		days int
		word string
	}{{0, "day.today"}, {1, "day.tomorrow"}, {-1, "day.yesterday"}} {
		noon := time.Date(today.Year(), today.Month(), today.Day()+near.days, 12, 0, 0, 0, zone) // not midnight, which some zones skip when the clocks change
		if p.T.Date(noon, zone) == date {
			return p.T.T(near.word) + " · " + date
		}
	}
	return date
}

// timesIn returns the times of a row, without the date if the heading above the row shows
// it.
func (d TableData) timesIn(p Page, row HistoryRow) string {
	if d.Grouped && !row.Start.IsZero() {
		return p.T.Times(row.Start, row.End, d.Zone)
	}
	return whenOf(p, row.Start, row.End, d.Zone)
}

// whoseLink returns the path of an organizer's meeting list, up to but not including the
// organizer's ID. It returns "" if the table must not link to such lists.
func (d HistoryData) whoseLink() string {
	if !d.Ask.MayAll || !d.Ask.isRepeatable() {
		return ""
	}
	return d.Ask.whosePath()
}

// searchInstead returns the path of the same list for another query. If asText is true,
// words that name a day are treated as plain text.
func (d HistoryData) searchInstead(query string, asText bool) string {
	a := d.Ask
	a.Query, a.AsText = query, asText
	return paths.With(paths.History, a.Values())
}
