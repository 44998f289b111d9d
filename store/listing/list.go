package listing

import (
	"context"

	"meetdesk/search"
)

type list struct {
	Criteria
	order    Order        // Criteria.Order; for a search, ByCreated, or ByStart if EachWord is set
	now      int64        // milliseconds
	words    search.Query // empty if the list is not a search
	hasKits  bool         // whether the search must ignore the attendees of meetings handed over to the person
	isRare   bool         // whether the search covers the whole list because one of its conditions is rare; see limitSearch
	rare     string       // the rare condition, if isRare is set
	isCommon bool         // whether the search is known to have many matches; see limitSearch
	eras     [2]int64     // the first and the last era that the search covers; not used if bound is 0
	bound    int64        // the last ID that the search reads; 0 if it reads to the end
}

// resolve determines how to read the list for the criteria. ok is false if the list is
// certain to be empty.
func (l *Lists) resolve(ctx context.Context, c Criteria) (r list, ok bool, err error) {
	r = l.unsearched(c)
	if c.Text == "" {
		return r, true, nil
	}
	r.words = search.Parse(c.Text)
	if r.words.IsEmpty() || !c.Everyone && c.UserID == 0 {
		return r, false, nil
	}
	if r.hasKits, err = l.hasKits(ctx, c); err != nil {
		return r, false, err
	}
	if c.EachWord {
		r.order = ByStart
		return r, true, nil
	}
	r.order = ByCreated
	return r, true, l.limitSearch(ctx, &r)
}

// unsearched returns the list that the criteria describe, ignoring the search text.
func (l *Lists) unsearched(c Criteria) list {
	return list{Criteria: c, order: c.Order, now: l.now().UnixMilli()}
}

// hasKits reports whether the search must ignore the attendees of meetings handed over to
// the person. Such a search takes longer, because it looks for each word both with and
// without the attendees.
func (l *Lists) hasKits(ctx context.Context, c Criteria) (bool, error) {
	if c.Everyone || !c.KitOnly {
		return false, nil
	}
	return l.db.hasHandedOver(ctx, c.UserID)
}

// isSearch reports whether the list's candidates are the matches of a search.
func (l list) isSearch() bool { return !l.words.IsEmpty() && !l.EachWord }

// matchesEach reports whether each candidate is compared with the words of a search.
func (l list) matchesEach() bool { return !l.words.IsEmpty() && l.EachWord }

// isFiltered reports whether the list may omit some of its candidates.
func (l list) isFiltered() bool {
	return l.Filter != (Filter{}) || l.matchesEach() || l.hasRange() && l.Dates != l.order
}

func (l list) hasRange() bool { return !l.From.IsZero() || !l.To.IsZero() }

// These constants limit the number of candidates that are examined to fill one page of a
// filtered list. Together with the limits on eras, they bound how much of the database is
// read; see TestMostExpensiveList.
const (
	maxCandidates = 10_000
	maxMatches    = 1_000  // applies to searches, unless EachWord or Deep is set
	maxEach       = 2_000  // applies if EachWord is set
	maxDeep       = 50_000 // applies if Deep is set
	maxDeepEach   = 10_000 // applies if EachWord and Deep are set
)

// candidates returns how many candidates may be examined to find limit rows.
func (l list) candidates(limit int) int {
	switch {
	case !l.isFiltered():
		return limit
	case l.Deep && l.matchesEach():
		return maxDeepEach
	case l.Deep:
		return maxDeep
	case l.matchesEach():
		return maxEach
	case l.isSearch():
		return maxMatches
	}
	return maxCandidates
}
