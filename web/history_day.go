package web

import (
	"context"
	"net/http"
	"time"

	"meetdesk/search"
	"meetdesk/store/listing"
	"meetdesk/views"
)

// readText completes the criteria in req with a day or with the words in the input. It
// returns the page's message about the day, or nil.
func (s *Server) readText(r *http.Request, req *historyRequest, input search.Input, hits []listing.Hit) (*views.HistoryDay, error) {
	if req.Text = wordsOf(input); len(hits) > 0 {
		return nil, nil
	}
	if req.Text == "" {
		req.Text = input.Text // the input may still be part of a subject
		return nil, nil
	}
	v := visitOf(r)
	zone := zoneOf(v.session.User.TimeZone)
	text := req.Text
	if input.Kind == search.KindTicket {
		text = req.Query // the full stop at the end of "3.12." is part of the date
	}
	found, ok := search.FindDay(text, s.Now().In(zone), v.text.MonthFirst(r.Header.Get("Accept-Language")))
	if !ok || req.AsText {
		return nil, nil
	}
	return s.readDay(r.Context(), req, found, zone)
}

// readDay limits the list to the meetings on the day. If there are none, but some meetings
// contain the words of the query, the list shows those meetings instead.
func (s *Server) readDay(ctx context.Context, req *historyRequest, found search.Day, zone *time.Location) (*views.HistoryDay, error) {
	c, err := onDay(req.Criteria, req.Ask, found, zone)
	if err != nil {
		return nil, err
	}
	says := &views.HistoryDay{Date: found.Date, Other: found.Other, Words: c.Text}
	empty, err := s.isEmpty(ctx, c)
	if err != nil {
		return nil, err
	}
	if empty {
		empty, err = s.isEmpty(ctx, req.Criteria)
		if says.Nothing = !empty; err != nil || says.Nothing {
			return says, err
		}
	}
	req.Criteria = c
	return says, nil
}

// onDay limits the criteria to the meetings on a day that also match the rest of the text
// and the form's filters. The earliest meeting comes first, unless the person chose to sort
// by creation time.
func onDay(c listing.Criteria, ask views.Ask, found search.Day, zone *time.Location) (listing.Criteria, error) {
	from, err := day(found.Date.Format(time.DateOnly), zone, 0)
	if err != nil {
		return c, err
	}
	to, err := day(found.Date.Format(time.DateOnly), zone, 1)
	if err != nil {
		return c, err
	}
	if c.From.Before(from) {
		c.From = from
	}
	if c.To.IsZero() || c.To.After(to) {
		c.To = to
	}
	if c.Text = found.Words; search.Parse(c.Text).IsEmpty() {
		c.Text = ""
	}
	if ask.Sort != views.SortCreated {
		c.Order, c.Soonest, c.EachWord = listing.ByStart, true, c.Text != ""
	}
	return c, nil
}

// isEmpty reports whether the list is known to have no rows. It returns false if the search
// did not examine all meetings.
func (s *Server) isEmpty(ctx context.Context, c listing.Criteria) (bool, error) {
	c.At, c.Back, c.Limit = listing.Cursor{}, false, 1
	page, err := s.Store.History(ctx, c)
	return len(page.Rows) == 0 && page.Examined.IsZero(), err
}

// isGrouped reports whether the list is sorted by start time and therefore grouped by day.
func (a historyRequest) isGrouped() bool {
	return a.Order == listing.ByStart && (a.Text == "" || a.EachWord)
}
