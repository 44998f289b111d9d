package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"meetdesk/search"
)

// A search of several conditions goes through the matches of each until they
// meet, and where they hardly ever do, through all of them. So it looks at
// everything only if one of them is rare; words that are all common are looked
// for in the two newest eras, where most of what is asked for is.
const (
	rare     = 1_000 // fewer matches than that are few
	eraShift = 14    // an era is 2^14 IDs long; see migrations/0005_search.sql
)

// anyFew reports whether few meetings match one of several conditions.
func (s *Store) anyFew(ctx context.Context, conditions []string) (few bool, err error) {
	for _, c := range conditions {
		if few, err := s.few(ctx, c); few || err != nil {
			return few, err
		}
	}
	return false, nil
}

// reach returns the condition that keeps a search to two eras, and the ID at which
// they end; nothing where they are all that there is.
func (s *Store) reach(ctx context.Context, l listing) (eras string, bound int64, err error) {
	var newest int64
	if err := s.lists.QueryRowContext(ctx, `SELECT coalesce(max(id), 0) FROM meetings`).Scan(&newest); err != nil {
		return "", 0, fmt.Errorf("history: %w", err)
	}
	first, second := (min(l.at().ID, newest+1)-1)>>eraShift, int64(0)
	if l.descending() {
		second, bound = first-1, (first-1)<<eraShift
		if bound <= 0 {
			return "", 0, nil
		}
	} else {
		first = (l.at().ID + 1) >> eraShift
		second, bound = first+1, (first+2)<<eraShift-1
		if bound >= newest {
			return "", 0, nil
		}
	}
	return fmt.Sprintf(`scope : ("e%d" OR "e%d")`, first, second), bound, nil
}

// few reports whether few meetings match the condition. One that many match is
// not counted again: nothing is ever deleted, and should a changed subject have
// been one of just so many, the search only looks less far at first.
func (s *Store) few(ctx context.Context, condition string) (few bool, err error) {
	if s.many.has(condition) {
		return false, nil
	}
	const q = `SELECT count(*) < $2 FROM (SELECT 1 FROM meetings_fts f WHERE f.meetings_fts MATCH $1 LIMIT $2)`
	if err := s.lists.QueryRowContext(ctx, q, condition, rare).Scan(&few); err != nil {
		return false, fmt.Errorf("history: %w", err)
	}
	if !few {
		s.many.add(condition)
	}
	return few, nil
}

// conditionSet holds some conditions of searches.
type conditionSet struct {
	mu    sync.Mutex
	known map[string]bool
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

// maxConditions is how many are kept.
const maxConditions = 1000

// scoped limits a search to what the person of the query may see. A person with meetings
// that were handed over needs all words twice, but few people have any.
func (s *Store) scoped(ctx context.Context, words search.Query, q HistoryQuery) (fts ftsQuery, err error) {
	fts.Query = words
	if q.Everyone {
		return fts, nil
	}
	fts.user = q.UserID
	if !q.Kits {
		return fts, nil
	}
	const find = `SELECT EXISTS (SELECT 1 FROM meeting_people INDEXED BY meeting_people_others WHERE user_id = $1 AND relation <> 'organizer' AND relation = 'handed over')`
	if err := s.lists.QueryRowContext(ctx, find, q.UserID).Scan(&fts.kits); err != nil {
		return fts, fmt.Errorf("history: %w", err)
	}
	return fts, nil
}

// Unknown returns which words of the search are in none of the meetings that the
// person of the query may see.
func (s *Store) Unknown(ctx context.Context, q HistoryQuery) (unknown []string, err error) {
	looked := 0
	for _, word := range strings.Fields(q.Text) {
		parsed := search.Parse(word)
		if parsed.IsEmpty() || slices.Contains(unknown, word) {
			continue
		}
		if looked++; looked > search.MaxTerms {
			break
		}
		fts, err := s.scoped(ctx, parsed, q)
		if err != nil {
			return nil, err
		}
		var some bool
		const find = `SELECT EXISTS (SELECT 1 FROM meetings_fts WHERE meetings_fts MATCH $1)`
		if err := s.lists.QueryRowContext(ctx, find, fts.match("")).Scan(&some); err != nil {
			return nil, fmt.Errorf("history: %w", err)
		}
		if !some {
			unknown = append(unknown, word)
		}
	}
	return unknown, nil
}
