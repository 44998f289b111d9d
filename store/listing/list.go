package listing

import (
	"context"
	"math"

	"meetdesk/search"
)

// list is the list that the criteria ask for, and how to search it.
type list struct {
	Criteria
	order   Order        // Criteria.Order, or ByCreated for a search
	now     int64        // milliseconds
	words   search.Query // empty if the list is not a search
	hasKits bool         // the search must skip the attendees of meetings that were handed over to the person
	isRare  bool         // the search has few matches; see limitSearch
	eras    [2]int64     // the search is limited to these eras unless bound is 0
	bound   int64        // the last ID that the search reads; 0 if it reads to the end
}

// resolve prepares the list. ok is false if the list cannot have any rows.
func (l *Lists) resolve(ctx context.Context, c Criteria) (r list, ok bool, err error) {
	r = l.unsearched(c)
	if c.Text == "" {
		return r, true, nil
	}
	r.order, r.words = ByCreated, search.Parse(c.Text)
	if r.words.IsEmpty() || !c.Everyone && c.UserID == 0 {
		return r, false, nil
	}
	if r.hasKits, err = l.hasKits(ctx, c); err != nil {
		return r, false, err
	}
	if !c.Deep {
		err = l.limitSearch(ctx, &r)
	}
	return r, true, err
}

// unsearched returns the list that the criteria ask for apart from their text.
func (l *Lists) unsearched(c Criteria) list {
	return list{Criteria: c, order: c.Order, now: l.now().UnixMilli()}
}

// hasKits reports whether the search must skip the attendees of meetings that were handed
// over to the person. Few people have such meetings, and the search for them has to match
// every word twice.
func (l *Lists) hasKits(ctx context.Context, c Criteria) (bool, error) {
	if c.Everyone || !c.KitOnly {
		return false, nil
	}
	return l.db.hasHandedOver(ctx, c.UserID)
}

func (l list) isSearch() bool { return !l.words.IsEmpty() }

// isFiltered reports whether the list may leave out some candidates.
func (l list) isFiltered() bool { return l.Filter != (Filter{}) || l.isSearch() && l.limitsStart() }

// limitsStart reports whether the range of dates applies to the start.
func (l list) limitsStart() bool {
	return l.Order == ByStart && (!l.From.IsZero() || !l.To.IsZero())
}

// How many candidates a page examines to find rows that pass the filter.
const (
	maxCandidates = 10_000
	maxMatches    = 1_000 // for a search
)

// candidates returns how many candidates are examined for up to limit rows.
func (l list) candidates(limit int) int {
	switch {
	case !l.isFiltered():
		return limit
	case l.Deep:
		return math.MaxInt64
	case l.isSearch():
		return maxMatches
	}
	return maxCandidates
}
