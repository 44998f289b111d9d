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

type historyRequest struct {
	views.Ask
	listing.Criteria
	List bool // show the list even if the query names exactly one meeting
}

// readHistory parses the query parameters: q, text, whose (mine, all, or a person's ID or
// UPN), state, origin, sort, dates, from, to, before or after (a cursor), everything, and
// list. If it returns problems, the page lists no meetings.
func (s *Server) readHistory(r *http.Request) (req historyRequest, problems meeting.Problems, err error) {
	person, query := visitOf(r).session.User, validText(r.URL.Query())
	req.Ask = views.Ask{
		Query: trimQuery(query.Get("q")), State: query.Get("state"), Origin: query.Get("origin"), Sort: query.Get("sort"),
		Dates: query.Get("dates"), AsText: query.Get("text") == "1", From: query.Get("from"), To: query.Get("to"), MayAll: person.Role.Has(meeting.HelpDesk),
	}
	req.Criteria = listing.Criteria{UserID: person.ID, KitOnly: !req.MayAll, Deep: query.Get("everything") == "1", Limit: historyRows}
	req.List, req.Cut = query.Get("list") == "1", req.Query != strings.TrimSpace(query.Get("q"))
	if err := s.readWhose(r, &req, query.Get("whose")); err != nil {
		return req, nil, err
	}
	for _, choice := range []struct {
		field, value string
		offered      []string
	}{{"state", req.State, views.HistoryStates}, {"origin", req.Origin, views.HistoryOrigins}, {"sort", req.Sort, views.HistorySorts}, {"dates", req.Ask.Dates, views.HistoryDates}} {
		if !slices.Contains(choice.offered, choice.value) {
			problems = append(problems, meeting.Problem{Field: choice.field, Key: meeting.ReasonFilterUnknown, Args: meeting.Args{"Value": meeting.Shorten(choice.value, 40)}})
		}
	}
	req.Filter = listing.Filter{State: listing.State(req.State), Origin: meeting.Origin(req.Origin)}
	req.Order, req.Criteria.Dates = orderOf(req.Ask), listing.ByStart
	if req.Ask.Dates == views.DatesCreated {
		req.Criteria.Dates = listing.ByCreated
	}
	var dates meeting.Problems
	req.Criteria.From, req.Criteria.To, dates = readDays(req.Ask.From, req.Ask.To, zoneOf(person.TimeZone))
	problems = append(problems, dates...)
	if at := query.Get("after"); at != "" {
		req.At, req.Back = parseCursor(at), true
	} else {
		req.At = parseCursor(query.Get("before"))
	}
	return req, problems, nil
}

// orderOf returns the order of a list. Lists of failed, unfinished or removed meetings are
// sorted by creation time by default, because such meetings may never take place.
func orderOf(a views.Ask) listing.Order {
	switch state := listing.State(a.State); {
	case a.Sort == views.SortStart:
		return listing.ByStart
	case a.Sort == views.SortCreated, a.Dates == views.DatesCreated, state == listing.Failed, state == listing.Unfinished, state == listing.Removed:
		return listing.ByCreated
	}
	return listing.ByStart
}

func trimQuery(text string) string {
	return strings.TrimSpace(truncate(strings.TrimSpace(text), maxQuery))
}

// readWhose determines whose meetings to list and stores the result in req. Staff see only
// their own meetings. The help desk sees everyone's, unless the query selects one person.
func (s *Server) readWhose(r *http.Request, req *historyRequest, whose string) error {
	whose = people.Query(whose)
	switch {
	case !req.MayAll || whose == views.WhoseMine:
		req.Whose = views.WhoseMine
		person := visitOf(r).session.User
		req.Others = whose != "" && whose != views.WhoseMine && !strings.EqualFold(whose, person.UPN) && whose != strconv.FormatInt(person.ID, 10)
	case whose == "" || whose == views.WhoseAll:
		req.Whose, req.Criteria.Everyone = views.WhoseAll, true
	default:
		u, err := s.personNamed(r, whose)
		if err != nil && meeting.CodeOf(err) != meeting.NotFound {
			return err
		}
		req.Whose, req.Person, req.UserID = truncate(whose, 200), u, u.ID // an unknown person has the ID 0, which matches no meeting
		if u.ID != 0 {
			req.Whose = strconv.FormatInt(u.ID, 10) // keeps the UPN out of the page's links
		}
	}
	return nil
}

// personNamed returns the person with the given ID or UPN. Links on the site use the ID.
func (s *Server) personNamed(r *http.Request, name string) (meeting.User, error) {
	if id, err := strconv.ParseInt(name, 10, 64); err == nil {
		return s.Store.User(r.Context(), id)
	}
	return s.Store.UserByUPN(r.Context(), name)
}

// readDays returns when the first day begins and when the last day ends, or the zero time
// for a day that is "". It reports a problem if a day is invalid or if the last day is
// before the first.
func readDays(first, last string, zone *time.Location) (from, to time.Time, problems meeting.Problems) {
	var err error
	if from, err = day(first, zone, 0); err != nil {
		problems = append(problems, meeting.Problem{Field: "from", Key: meeting.ReasonFilterDate})
	}
	if to, err = day(last, zone, 1); err != nil {
		problems = append(problems, meeting.Problem{Field: "to", Key: meeting.ReasonFilterDate})
	}
	if !from.IsZero() && !to.IsZero() && !from.Before(to) {
		problems = append(problems, meeting.Problem{Field: "to", Key: meeting.ReasonFilterRange})
	}
	return from, to, problems
}

// day adds the given number of days to a date and returns the time at which the resulting
// date begins in the given zone. For "" it returns the zero time.
func day(text string, zone *time.Location, plus int) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}, err
	}
	d = d.AddDate(0, 0, plus)
	at := time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, zone)
	// If the clocks go forward at midnight, time.Date may return a time on the day before.
	for at.Day() != d.Day() {
		at = at.Add(15 * time.Minute)
	}
	return at, nil
}

func (a historyRequest) atStart() bool { return a.At == (listing.Cursor{}) && !a.Back }

// parseCursor parses a cursor, such as "4711" or "1764068400000.4711". A malformed
// cursor becomes the zero cursor. In the query parameter "before", the zero cursor selects
// the first page; in the parameter "after", it selects the last page.
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

// listParameters are the query parameters that identify a list. They do not include the
// parameters that select one of its pages.
var listParameters = []string{"q", "whose", "state", "origin", "sort", "dates", "from", "to", "text", "everything"}

// listOf returns the list parameters in the request's query, or nil if the search text is
// too long to repeat.
func listOf(r *http.Request) url.Values {
	query, list := validText(r.URL.Query()), make(url.Values)
	for _, name := range listParameters {
		if value := trimQuery(query.Get(name)); value != "" {
			list.Set(name, value)
		}
	}
	if len(list.Get("q")) > views.MaxRepeatedQuery {
		return nil
	}
	return list
}

// values returns the query parameters for this list, without those that select a page.
func (a historyRequest) values() url.Values {
	v := a.Ask.Values()
	if a.Deep {
		v.Set("everything", "1")
	}
	if a.List {
		v.Set("list", "1")
	}
	return v
}

// page returns the URL of the page "before" or "after" the given cursor, or "" if the
// cursor is zero.
func (a historyRequest) page(name string, at listing.Cursor) string {
	if at == (listing.Cursor{}) {
		return ""
	}
	v := a.values()
	v.Set(name, formatCursor(at))
	return paths.With(paths.History, v)
}

func (a historyRequest) older(at listing.Cursor) string { return a.page("before", at) }
func (a historyRequest) newer(at listing.Cursor) string { return a.page("after", at) }
func (a historyRequest) first() string                  { return paths.With(paths.History, a.values()) }

// deeper returns the URL of the same page with the parameter that makes the search examine
// more meetings. For a page that was reached by going back, it returns the URL of the first
// page with this parameter.
func (a historyRequest) deeper() string {
	v := a.values()
	v.Set("everything", "1")
	if a.At != (listing.Cursor{}) && !a.Back {
		v.Set("before", formatCursor(a.At))
	}
	return paths.With(paths.History, v)
}

// detail describes the list for the audit log: with the search text alone if there are no
// other parameters, otherwise with all parameters.
func (a historyRequest) detail() string {
	v := a.Ask.Values()
	if a.Person.ID != 0 && v.Has("whose") {
		v.Set("whose", a.Person.UPN)
	}
	if len(v) == 1 && v.Has("q") && !strings.Contains(a.Query, "=") { // search text with "=" would look like parameters
		return a.Query
	}
	return v.Encode()
}
