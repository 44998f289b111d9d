package listing

import (
	"context"
	"slices"
	"strings"
	"sync"

	"meetdesk/search"
)

// A search with several conditions may have to read every match of each condition. It
// covers the whole list only if one of the conditions is rare. Otherwise it covers the
// two newest eras, which contain most of what people look for. Later pages cover older
// eras.
const (
	rare     = 1_000 // a condition with fewer matches is rare
	eraShift = 14    // an era contains 2^14 IDs; see migrations/0005_search.sql
)

// limitSearch determines how far a search with several conditions reads. It sets isRare,
// or it limits the search with eras and bound.
func (l *Lists) limitSearch(ctx context.Context, r *list) (err error) {
	conditions := l.db.conditions(*r)
	if len(conditions) < l.db.hasToKnow() {
		return nil
	}
	for _, condition := range conditions {
		if r.isRare, err = l.isRare(ctx, condition); err != nil {
			return err
		}
		if r.isRare {
			r.rare = condition
			break
		}
	}
	switch {
	case !r.isRare && len(conditions) > 1:
		return l.limitToEras(ctx, r)
	case r.isRare && len(r.words.Ticket) > 0: // the search also reads every match for the ticket
		r.isRare, err = l.isRare(ctx, l.db.ticketCondition(*r))
	}
	return err
}

// limitToEras limits the search to the era in which the page starts and the next one,
// unless the list ends there.
func (l *Lists) limitToEras(ctx context.Context, r *list) error {
	newest, err := l.db.newestID(ctx)
	if err != nil {
		return err
	}
	if r.isDescending() {
		first := (min(r.start().ID, newest+1) - 1) >> eraShift
		if bound := (first - 1) << eraShift; bound > 0 {
			r.eras, r.bound = [2]int64{first, first - 1}, bound
		}
		return nil
	}
	first := (r.start().ID + 1) >> eraShift
	if bound := (first+2)<<eraShift - 1; bound < newest {
		r.eras, r.bound = [2]int64{first, first + 1}, bound
	}
	return nil
}

// isRare reports whether the condition has few matches. A common condition is never
// counted again. If it becomes rare, the search only reads less than it could.
func (l *Lists) isRare(ctx context.Context, condition string) (bool, error) {
	if l.common.has(condition) {
		return false, nil
	}
	isRare, err := l.db.hasFewerMatches(ctx, condition, rare)
	if err == nil && !isRare {
		l.common.add(condition)
	}
	return isRare, err
}

// conditionSet is a set of search conditions.
type conditionSet struct {
	mu    sync.Mutex
	known map[string]bool
}

// maxConditions is the maximum size of a set. A full set is emptied before another
// condition is added.
const maxConditions = 1000

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
// person may see.
func (l *Lists) UnknownWords(ctx context.Context, c Criteria) (unknown []string, err error) {
	ctx, done := l.limited(ctx)
	defer done(&err)
	r := l.unsearched(c)
	if r.hasKits, err = l.hasKits(ctx, c); err != nil {
		return nil, err
	}
	searched := 0
	for _, word := range strings.Fields(c.Text) {
		r.words = search.Parse(word)
		if r.words.IsEmpty() || slices.Contains(unknown, word) {
			continue
		}
		if searched++; searched > search.MaxTerms {
			break
		}
		found, err := l.db.hasMatch(ctx, r)
		if err != nil {
			return nil, err
		}
		if !found {
			unknown = append(unknown, word)
		}
	}
	return unknown, nil
}
