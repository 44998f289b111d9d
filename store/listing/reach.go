package listing

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"meetdesk/search"
)

// A search with several conditions may have to read all matches of each of them. If no
// condition is rare, a page covers only a few eras, which are ranges of meeting IDs. The
// first page covers the newest eras.
const (
	rare     = 1_000 // a condition with fewer matches is rare
	eraShift = 14    // an era contains 2^14 IDs; see migrations/0005_search.sql
	eras     = 2     // the number of eras that a page covers
	deepEras = 16    // applies if Deep is set
)

// limitSearch determines how far a search reads. It sets isRare if one of the conditions
// is rare and the ticket, if any, is rare as well. The search then covers the whole list.
// Otherwise, it sets the eras and bound fields to limit a search with several conditions,
// or isCommon if a single condition decides which meetings match.
func (l *Lists) limitSearch(ctx context.Context, r *list) (err error) {
	conditions := l.db.conditions(*r)
	if len(conditions) < l.db.hasToKnow() {
		return nil
	}
	if r.rare, err = l.firstRare(ctx, conditions); err != nil {
		return err
	}
	r.isRare = r.rare != ""
	if r.isRare && len(r.words.Ticket) > 0 { // the search also reads every match for the ticket
		ticket, err := l.firstRare(ctx, l.db.ticketConditions(*r))
		if err != nil {
			return err
		}
		r.isRare = ticket != ""
	}
	if r.isRare {
		return nil
	}
	if len(conditions) == 1 {
		r.isCommon = r.fts().isExact()
		return nil
	}
	return l.limitToEras(ctx, r)
}

func (l *Lists) firstRare(ctx context.Context, conditions []string) (string, error) {
	for _, condition := range conditions {
		if isRare, err := l.isRare(ctx, condition); isRare || err != nil {
			return condition, err
		}
	}
	return "", nil
}

// limitToEras limits the search to the era in which the page starts and the eras that
// follow in the direction in which the list is read. It sets no limit if the list ends
// within these eras.
func (l *Lists) limitToEras(ctx context.Context, r *list) error {
	n := int64(eras)
	if r.Deep {
		n = deepEras
	}
	newest, err := l.db.newestID(ctx)
	if err != nil {
		return err
	}
	if r.isDescending() {
		first := (min(r.start().ID, newest+1) - 1) >> eraShift
		if bound := (first - n + 1) << eraShift; bound > 0 {
			r.eras, r.bound = [2]int64{first - n + 1, first}, bound
		}
		return nil
	}
	first := (r.start().ID + 1) >> eraShift
	if bound := (first+n)<<eraShift - 1; bound < newest {
		r.eras, r.bound = [2]int64{first, first + n - 1}, bound
	}
	return nil
}

// isRare reports whether the condition has few matches. It caches the answers, because
// reading one page requires the same answer several times. If a common condition becomes
// rare, searches merely cover fewer eras than they could. If a rare condition becomes
// common, searches read more matches than intended for up to rareFor.
func (l *Lists) isRare(ctx context.Context, condition string) (bool, error) {
	if l.common.has(condition) {
		return false, nil
	}
	l.rare.expire(l.now())
	if l.rare.has(condition) {
		return true, nil
	}
	isRare, err := l.db.hasFewerMatches(ctx, condition, rare)
	switch {
	case err != nil:
	case isRare:
		l.rare.add(condition)
	default:
		l.common.add(condition)
	}
	return isRare, err
}

type conditionSet struct {
	mu    sync.Mutex
	known map[string]bool
	since time.Time // when expire last emptied the set
}

// maxConditions is the maximum size of a set. A full set is emptied before another
// condition is added.
const maxConditions = 1000

// rareFor is the maximum time for which a condition counts as rare before it is checked
// again.
const rareFor = 10 * time.Second

func (c *conditionSet) expire(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now.Sub(c.since).Abs() >= rareFor {
		c.known, c.since = nil, now
	}
}

func (c *conditionSet) has(condition string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.known[condition]
}

func (c *conditionSet) add(condition string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.known) >= maxConditions || c.known == nil {
		c.known = make(map[string]bool)
	}
	c.known[condition] = true
}

// UnknownWords returns the words of the search that do not occur in any meeting that the
// person may see. It omits words that are so common that a search covers only the newest
// meetings.
func (l *Lists) UnknownWords(ctx context.Context, c Criteria) (unknown []string, err error) {
	ctx, done := l.limited(ctx)
	defer done(&err)
	c.At, c.Back = Cursor{}, false
	newest := l.unsearched(c)
	if newest.hasKits, err = l.hasKits(ctx, c); err != nil {
		return nil, err
	}
	searched := 0
	for _, word := range strings.Fields(c.Text) {
		r := newest
		r.order, r.words = ByCreated, search.Parse(word)
		if r.words.IsEmpty() || slices.Contains(unknown, word) {
			continue
		}
		if searched++; searched > search.MaxTerms {
			break
		}
		if err := l.limitSearch(ctx, &r); err != nil {
			return nil, err
		}
		if r.isCommon {
			continue
		}
		found, err := l.db.hasMatch(ctx, r)
		if err != nil {
			return nil, err
		}
		if !found && r.bound == 0 {
			unknown = append(unknown, word)
		}
	}
	return unknown, nil
}
