package store

import (
	"context"
	"math"

	"meetdesk/search"
)

// listing is a list as SQL: candidates in their order, of which a filter lets
// some through. The statements are put together from a few fixed parts; whatever
// people typed is a parameter.
type listing struct {
	HistoryQuery
	order   Order
	nothing bool   // there can be no such rows
	match   string // the full-text expression, "" without words
	bound   int64  // the ID at which a search ends that does not look at everything; 0 for none
	few     bool   // fewer than a thousand meetings can match
	now     int64
}

func (s *Store) listing(ctx context.Context, q HistoryQuery) (l listing, err error) {
	l = listing{HistoryQuery: q, order: q.Order, now: s.now().UnixMilli()}
	if l.Text == "" {
		return l, nil
	}
	l.order = ByCreated
	words := search.Parse(q.Text)
	if words.IsEmpty() {
		l.nothing = true
		return l, nil
	}
	if !q.Everyone && q.UserID == 0 {
		l.nothing = true // nobody's
		return l, nil
	}
	fts, err := s.scoped(ctx, words, q)
	if err != nil {
		return l, err
	}
	eras := ""
	if conditions := fts.conditions(); len(conditions) > 1 && !q.Deep {
		if l.few, err = s.anyFew(ctx, conditions); err == nil && !l.few {
			eras, l.bound, err = s.reach(ctx, l)
		} else if err == nil && len(fts.Ticket) > 0 { // whose other spellings match too
			l.few, err = s.few(ctx, fts.ticketCondition())
		}
		if err != nil {
			return l, err
		}
	}
	l.match = fts.match(eras)
	return l, nil
}

// descending reports whether IDs or times fall from row to row as they are read.
func (l listing) descending() bool {
	soonest := l.order == ByStart && l.Filter.State == Upcoming
	return soonest == l.Back
}

// direction returns how a row's place compares to that of the one before.
func (l listing) direction() (compare, order string) {
	if l.descending() {
		return " < ", " DESC"
	}
	return " > ", " ASC"
}

// at returns the place after which the candidates begin.
func (l listing) at() Cursor {
	if l.At == (Cursor{}) && l.descending() {
		return Cursor{Start: math.MaxInt64, ID: math.MaxInt64}
	}
	if l.At == (Cursor{}) {
		return Cursor{Start: math.MinInt64}
	}
	return l.At
}

// filtered reports whether candidates may be left out.
func (l listing) filtered() bool { return l.Filter != (Filter{}) || l.match != "" && l.byStart() }

// byStart reports whether the range of dates is about the start.
func (l listing) byStart() bool {
	return l.Order == ByStart && (!l.From.IsZero() || !l.To.IsZero())
}

// look returns how many candidates are looked at for so many rows.
func (l listing) look(rows int) int {
	switch {
	case !l.filtered():
		return rows
	case l.Deep:
		return math.MaxInt64
	case l.match != "":
		return lookedIn
	}
	return lookedAt
}
