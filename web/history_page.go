package web

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"meetdesk/meeting"
	"meetdesk/search"
	"meetdesk/store/listing"
	"meetdesk/views"
)

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

// addPage adds one page of the list to data, along with the reasons why its rows match and
// the total number of meetings. On the first page, the rows begin with the hits, and the
// total may be missing if the search did not examine all meetings.
func (s *Server) addPage(ctx context.Context, data *views.HistoryData, req historyRequest, hits []listing.Hit) error {
	page, err := s.Store.History(ctx, req.Criteria)
	if err != nil {
		return err
	}
	first := req.atStart()
	data.Rows = make([]views.HistoryRow, 0, len(hits)+len(page.Rows))
	if first {
		data.Rows = append(data.Rows, hitRows(hits)...)
	}
	why, err := s.why(ctx, req.Criteria, page.Rows)
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
	data.Newer, data.Older = req.newer(page.Before), req.older(page.After)
	if !first {
		data.First = req.first()
	}
	if !page.Examined.IsZero() {
		data.Deeper = req.deeper()
		if req.Deep { // the next page continues the search
			data.Deeper = cmp.Or(data.Older, data.Newer)
		}
	}
	if first && page.After == (listing.Cursor{}) {
		data.Count, data.CountAll = len(data.Rows), true
		return s.addUnknown(ctx, data, req)
	}
	if first && !page.Examined.IsZero() {
		return nil // the count would cover only this page
	}
	count, err := s.Store.HistoryCount(ctx, req.Criteria)
	data.Count, data.CountAll, data.More = count.N, count.All, count.More
	return err
}

// addUnknown adds the search words that do not occur in any meeting that the person may see.
// It does nothing unless the search has several words and found nothing.
func (s *Server) addUnknown(ctx context.Context, data *views.HistoryData, req historyRequest) (err error) {
	words := strings.Fields(req.Text)
	if len(data.Rows) > 0 || len(words) < 2 || data.Kind != search.KindText {
		return nil
	}
	if data.Without, err = s.Store.UnknownWords(ctx, req.Criteria); err != nil || len(data.Without) == 0 {
		return err
	}
	known := slices.DeleteFunc(words, func(w string) bool { return slices.Contains(data.Without, w) })
	data.Known = strings.Join(known, " ")
	return nil
}

// why returns, for each row, the parts of the meeting that match the search words. It reads
// the attendees only of meetings whose other parts do not match all the words.
func (s *Server) why(ctx context.Context, q listing.Criteria, rows []meeting.Listed) ([][]views.Why, error) {
	why := make([][]views.Why, len(rows))
	if q.Text == "" {
		return why, nil
	}
	query := search.Parse(q.Text)
	var unexplained []int64
	for i, row := range rows {
		reasons, all := query.Explain(row, nil)
		if why[i] = whyOf(reasons); !all {
			unexplained = append(unexplained, row.ID)
		}
	}
	if len(unexplained) == 0 {
		return why, nil
	}
	attendees, err := s.Store.AttendeesOf(ctx, q, unexplained)
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
