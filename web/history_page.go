package web

import (
	"context"
	"slices"
	"strings"

	"meetdesk/meeting"
	"meetdesk/search"
	"meetdesk/store/listing"
	"meetdesk/views"
)

// hitRows are the rows of what was found exactly.
func hitRows(hits []listing.Hit) (rows []views.HistoryRow) {
	for _, h := range hits {
		why := []views.Why{{By: string(h.By)}}
		if h.Also != "" {
			why = append(why, views.Why{By: string(h.Also)})
		}
		rows = append(rows, views.HistoryRow{Listed: h.Listed, Why: why})
	}
	return rows
}

// addPage adds a page of the list, with why each row matches, and how many there
// are in all. What was found exactly stands on the first page, before the others,
// and on no other.
func (s *Server) addPage(ctx context.Context, data *views.HistoryData, ask historyAsk, hits []listing.Hit) error {
	page, err := s.Store.History(ctx, ask.Criteria)
	if err != nil {
		return err
	}
	first := ask.atStart()
	data.Rows = make([]views.HistoryRow, 0, len(hits)+len(page.Rows))
	if first {
		data.Rows = append(data.Rows, hitRows(hits)...)
	}
	why, err := s.why(ctx, ask.Criteria, page.Rows)
	if err != nil {
		return err
	}
	for i, m := range page.Rows {
		if slices.ContainsFunc(hits, func(h listing.Hit) bool { return h.ID == m.ID }) {
			continue
		}
		data.Rows = append(data.Rows, views.HistoryRow{Listed: m, Why: why[i]})
	}
	data.Looked, data.Matches = page.Examined, page.IsMatchLimit
	data.Newer, data.Older = ask.newer(page.Before), ask.older(page.After)
	if !first {
		data.First = ask.first()
	}
	if !page.Examined.IsZero() {
		data.Deeper = ask.deeper()
	}
	if first && page.After == (listing.Cursor{}) {
		data.Count, data.CountAll = len(data.Rows), true
		return s.addUnknown(ctx, data, ask)
	}
	if first && !page.Examined.IsZero() {
		return nil // it would count what the page has, and say nothing of the rest
	}
	count, err := s.Store.HistoryCount(ctx, ask.Criteria)
	data.Count, data.CountAll, data.More = count.N, count.All, count.More
	return err
}

// addUnknown tells, where several words together find nothing, which of them are at
// fault: one that is in no meeting is enough.
func (s *Server) addUnknown(ctx context.Context, data *views.HistoryData, ask historyAsk) (err error) {
	words := strings.Fields(ask.Text)
	if len(data.Rows) > 0 || len(words) < 2 || data.Kind != search.KindText {
		return nil
	}
	if data.Without, err = s.Store.UnknownWords(ctx, ask.Criteria); err != nil || len(data.Without) == 0 {
		return err
	}
	known := slices.DeleteFunc(words, func(w string) bool { return slices.Contains(data.Without, w) })
	data.Known = strings.Join(known, " ")
	return nil
}

// why tells for each row by what of it the words match; nothing without words.
// Attendees are read only where the rest does not explain it.
func (s *Server) why(ctx context.Context, q listing.Criteria, rows []meeting.Listed) ([][]views.Why, error) {
	why := make([][]views.Why, len(rows))
	if q.Text == "" {
		return why, nil
	}
	query := search.Parse(q.Text)
	var open []int64
	for i, row := range rows {
		reasons, all := query.Explain(row, nil)
		if why[i] = whyOf(reasons); !all {
			open = append(open, row.ID)
		}
	}
	if len(open) == 0 {
		return why, nil
	}
	attendees, err := s.Store.AttendeesOf(ctx, q, open)
	if err != nil {
		return nil, err
	}
	for i, row := range rows {
		if people := attendees[row.ID]; len(people) > 0 {
			reasons, _ := query.Explain(row, people)
			why[i] = whyOf(reasons)
		}
	}
	return why, nil
}

func whyOf(reasons []search.Reason) (why []views.Why) {
	for _, r := range reasons {
		why = append(why, views.Why{By: string(r.By), Name: r.Name})
	}
	return why
}
