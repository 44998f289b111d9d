package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/people"
	"meetdesk/store/listing"
	"meetdesk/views"
)

// historyAsk is what the address of a list asks for. Sent to a colleague it asks
// for the same, within what they may see.
type historyAsk struct {
	views.Ask
	listing.Criteria
	List bool // a list also where one meeting was named exactly
}

// readHistory reads the address: q, whose (mine, all, or a UPN), state, origin,
// sort, from, to, before or after (a place in the list), everything, list.
// What it does not understand is a problem, and nothing is listed then.
func (s *Server) readHistory(r *http.Request) (ask historyAsk, problems meeting.Problems, err error) {
	person, query := visitOf(r).session.User, validText(r.URL.Query())
	ask.Ask = views.Ask{
		Query: lookedAt(query.Get("q")), State: query.Get("state"), Origin: query.Get("origin"), Sort: query.Get("sort"),
		From: query.Get("from"), To: query.Get("to"), MayAll: person.Role.Has(meeting.HelpDesk),
	}
	ask.Criteria = listing.Criteria{UserID: person.ID, KitOnly: !ask.MayAll, Deep: query.Get("everything") == "1", Limit: historyRows}
	ask.List, ask.Cut = query.Get("list") == "1", ask.Query != strings.TrimSpace(query.Get("q"))
	if err := s.readWhose(r, &ask, query.Get("whose")); err != nil {
		return ask, nil, err
	}
	for _, choice := range []struct {
		field, value string
		offered      []string
	}{{"state", ask.State, views.HistoryStates}, {"origin", ask.Origin, views.HistoryOrigins}, {"sort", ask.Sort, views.HistorySorts}} {
		if !slices.Contains(choice.offered, choice.value) {
			problems = append(problems, meeting.Problem{Field: choice.field, Key: meeting.ReasonFilterUnknown, Args: meeting.Args{"Value": meeting.Shorten(choice.value, 40)}})
		}
	}
	ask.Filter = listing.Filter{State: listing.State(ask.State), Origin: meeting.Origin(ask.Origin)}
	if ask.Order = listing.Order(ask.Sort); ask.Sort == "" && ask.State == string(listing.Upcoming) {
		ask.Order = listing.ByStart // the next first, which is why one asks
	} else if ask.Sort == views.SortCreated {
		ask.Order = listing.ByCreated
	}
	zone := zoneOf(person.TimeZone)
	if ask.Criteria.From, err = day(ask.Ask.From, zone, 0); err != nil {
		problems = append(problems, meeting.Problem{Field: "from", Key: meeting.ReasonFilterDate})
	}
	if ask.Criteria.To, err = day(ask.Ask.To, zone, 1); err != nil {
		problems = append(problems, meeting.Problem{Field: "to", Key: meeting.ReasonFilterDate})
	}
	if from, to := ask.Criteria.From, ask.Criteria.To; !from.IsZero() && !to.IsZero() && !from.Before(to) {
		problems = append(problems, meeting.Problem{Field: "to", Key: meeting.ReasonFilterRange})
	}
	if at := query.Get("after"); at != "" {
		ask.At, ask.Back = parseCursor(at), true
	} else {
		ask.At = parseCursor(query.Get("before"))
	}
	return ask, problems, nil
}

// lookedAt is as much of a text as is looked at.
func lookedAt(text string) string {
	return strings.TrimSpace(truncate(strings.TrimSpace(text), maxQuery))
}

// readWhose decides whose meetings are listed. Staff see their own, whatever the
// address says; the help desk sees everybody's unless it says otherwise.
func (s *Server) readWhose(r *http.Request, ask *historyAsk, whose string) error {
	whose = people.Query(whose)
	switch {
	case !ask.MayAll || whose == views.WhoseMine:
		ask.Whose = views.WhoseMine
		ask.Others = whose != "" && whose != views.WhoseMine && !strings.EqualFold(whose, visitOf(r).session.User.UPN)
	case whose == "" || whose == views.WhoseAll:
		ask.Whose, ask.Criteria.Everyone = views.WhoseAll, true
	default:
		u, err := s.Store.UserByUPN(r.Context(), whose)
		if err != nil && meeting.CodeOf(err) != meeting.NotFound {
			return err
		}
		ask.Whose, ask.Person, ask.UserID = truncate(whose, 200), u, u.ID // 0 is nobody's
	}
	return nil
}

// day is the beginning of the day, so many days later, in the zone.
func day(text string, zone *time.Location, later int) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}, err
	}
	d = d.AddDate(0, 0, later)
	at := time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, zone)
	for at.Day() != d.Day() { // clocks go forward at midnight, and Go has taken the hour before
		at = at.Add(15 * time.Minute)
	}
	return at, nil
}

// atStart reports whether this is the list's first page.
func (a historyAsk) atStart() bool { return a.At == (listing.Cursor{}) && !a.Back }

// parseCursor reads a place in a list, "4711" or "1764068400000.4711". One that is
// unreadable is none: before it is the first page, after it the last.
func parseCursor(text string) (c listing.Cursor) {
	start, id, both := strings.Cut(text, ".")
	if !both {
		start, id = "0", text
	}
	var errs [2]error
	c.Start, errs[0] = strconv.ParseInt(start, 10, 64)
	c.ID, errs[1] = strconv.ParseInt(id, 10, 64)
	if errs[0] != nil || errs[1] != nil || c.ID < 0 {
		return listing.Cursor{}
	}
	return c
}

func formatCursor(c listing.Cursor) string {
	if c.Start == 0 {
		return strconv.FormatInt(c.ID, 10)
	}
	return strconv.FormatInt(c.Start, 10) + "." + strconv.FormatInt(c.ID, 10)
}

// listParameters say which list it is, its page apart.
var listParameters = []string{"q", "whose", "state", "origin", "sort", "from", "to", "everything"}

// maxBack is how long a text may be, in bytes, that the links of all rows repeat.
const maxBack = 1000

// listOf returns what the address says of a list, as it stands there, be it the
// list's own or that of a meeting that was opened from it; nothing of one for a
// whole letter.
func listOf(r *http.Request) url.Values {
	query, list := validText(r.URL.Query()), make(url.Values)
	for _, name := range listParameters {
		if value := lookedAt(query.Get(name)); value != "" {
			list.Set(name, value)
		}
	}
	if len(list.Get("q")) > maxBack {
		return nil
	}
	return list
}

// values are what was understood of the address, its page apart.
func (a historyAsk) values() url.Values {
	v := a.Ask.Values()
	if a.Deep {
		v.Set("everything", "1")
	}
	if a.List {
		v.Set("list", "1")
	}
	return v
}

func (a historyAsk) page(name string, at listing.Cursor) string {
	if at == (listing.Cursor{}) {
		return ""
	}
	v := a.values()
	v.Set(name, formatCursor(at))
	return paths.With(paths.History, v)
}

func (a historyAsk) older(at listing.Cursor) string { return a.page("before", at) }
func (a historyAsk) newer(at listing.Cursor) string { return a.page("after", at) }
func (a historyAsk) first() string                  { return paths.With(paths.History, a.values()) }

// deeper is the address of the same page that looks at everything.
func (a historyAsk) deeper() string {
	v := a.values()
	v.Set("everything", "1")
	if a.At != (listing.Cursor{}) && !a.Back {
		v.Set("before", formatCursor(a.At))
	}
	return paths.With(paths.History, v)
}

// detail is what the audit says was looked for: the words, or all that the
// address asks for.
func (a historyAsk) detail() string {
	v := a.Ask.Values()
	if len(v) == 1 && v.Has("q") && !strings.Contains(a.Query, "=") { // which would look like the address
		return a.Query
	}
	return v.Encode()
}
