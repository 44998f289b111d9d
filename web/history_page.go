package web

import (
	"context"
	"slices"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/views"
)

// hitRows are the rows of what was found exactly.
func hitRows(hits []store.Hit) (rows []views.HistoryRow) {
	for _, h := range hits {
		rows = append(rows, views.HistoryRow{Listed: h.Listed, Why: []views.Why{{By: string(h.By)}}})
	}
	return rows
}

// addPage adds a page of the list, with why each row matches, and how many there
// are in all.
func (s *Server) addPage(ctx context.Context, data *views.HistoryData, ask historyAsk) error {
	page, err := s.Store.History(ctx, ask.HistoryQuery)
	if err != nil {
		return err
	}
	hits := len(data.Rows)
	data.Rows = slices.Grow(data.Rows, len(page.Rows))
	why, err := s.why(ctx, ask.Text, page.Rows)
	if err != nil {
		return err
	}
	for i, m := range page.Rows {
		if slices.ContainsFunc(data.Rows[:hits], func(h views.HistoryRow) bool { return h.ID == m.ID }) {
			continue
		}
		data.Rows = append(data.Rows, views.HistoryRow{Listed: m, Why: why[i]})
	}
	data.Looked = page.Looked
	data.Newer, data.Older = ask.newer(page.Before), ask.older(page.After)
	if ask.At != (store.Cursor{}) {
		data.First = ask.first()
	}
	if !page.Looked.IsZero() {
		data.Deeper = ask.deeper()
	}
	switch first := ask.At == (store.Cursor{}); {
	case first && page.After == (store.Cursor{}):
		data.Count, data.CountAll = len(data.Rows), true
	case page.Looked.IsZero() || !first:
		data.Count, data.CountAll, err = s.Store.HistoryCount(ctx, ask.HistoryQuery)
	}
	return err
}

// why tells for each row by what of it the words match; nothing without words.
// Attendees are read only where the rest does not explain it.
func (s *Server) why(ctx context.Context, text string, rows []meeting.Listed) ([][]views.Why, error) {
	why := make([][]views.Why, len(rows))
	if text == "" {
		return why, nil
	}
	m := newMatcher(text)
	var open []int64
	for i, row := range rows {
		var all bool
		if why[i], all = m.why(row, nil); !all {
			open = append(open, row.ID)
		}
	}
	if len(open) == 0 {
		return why, nil
	}
	attendees, err := s.Store.AttendeesOf(ctx, open)
	if err != nil {
		return nil, err
	}
	for i, row := range rows {
		if people := attendees[row.ID]; len(people) > 0 {
			why[i], _ = m.why(row, people)
		}
	}
	return why, nil
}
