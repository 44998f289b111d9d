package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"meetdesk/meeting"
)

// HistoryQuery asks for one page of the history.
type HistoryQuery struct {
	UserID   int64 // whose meetings: those that the person may see
	Everyone bool  // everybody's instead
	Kits     bool  // of meetings that were handed over to the person, no more than the kit is theirs to know
	Text     string
	Filter   Filter
	Order    Order     // with words the last made come first, whatever it says
	From, To time.Time // of what it is ordered by, To itself not included; zero for no limit
	At       Cursor    // the page begins after it; zero for the first page
	Back     bool      // the page ends before At instead
	Deep     bool      // looks at everything where a page would stop before it is full
	Limit    int       // rows on a page
}

// HistoryPage is a part of a list.
type HistoryPage struct {
	Rows      []meeting.Listed // in the order of the list
	Before    Cursor           // where the page before this one ends; zero for none
	After     Cursor           // where the next page begins; zero for none
	Looked    time.Time        // how far the page looked in vain for more; zero: as far as there is any
	OfMatches bool             // it looked at the newest 1,000 matches of a search
}

// How many rows a page looks at to find those that its filter lets through.
const (
	lookedAt = 10_000
	lookedIn = 1_000 // the matches of a search
)

// History returns a page of the list. Text with nothing in it that could be
// searched for finds nothing.
func (s *Store) History(ctx context.Context, q HistoryQuery) (p HistoryPage, err error) {
	l, err := s.listing(ctx, q)
	if err != nil || l.nothing {
		return p, err
	}
	rows, err := s.listed(ctx, l, q.Limit+1) // one more tells whether others follow
	if err != nil {
		return p, err
	}
	first := q.At
	var last Cursor
	if len(rows) > q.Limit {
		rows = rows[:q.Limit]
		last = l.order.cursor(&rows[q.Limit-1])
	} else if last, p.Looked, err = s.lookedTo(ctx, l); err != nil {
		return p, err
	}
	p.OfMatches = l.match != "" && !p.Looked.IsZero() && last != Cursor{ID: l.bound}
	switch {
	case first == Cursor{}:
	case len(rows) > 0:
		first = l.order.cursor(&rows[0])
	default: // nothing is shown, and so the place itself belongs to the page before
		first = l.inclusive()
	}
	if p.Rows, p.Before, p.After = rows, first, last; q.Back {
		slices.Reverse(p.Rows)
		p.Before, p.After = last, first
	}
	return p, nil
}

// inclusive is the list's place as one after which, in the other direction, the row
// at the place itself comes first.
func (l listing) inclusive() Cursor {
	at := l.At
	if !l.descending() {
		at.ID++
	} else if at.ID--; at == (Cursor{}) {
		at.ID-- // before all rows, and not the beginning of a list
	}
	return at
}

// listed returns at most so many rows of the list.
func (s *Store) listed(ctx context.Context, l listing, limit int) ([]meeting.Listed, error) {
	var b binds
	rows, err := s.lists.QueryContext(ctx, l.rows(&b, listColumns, "", limit), b.values...)
	if err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	defer rows.Close()
	list, scan := make([]meeting.Listed, 0, min(limit, 64)), newListScan()
	for rows.Next() {
		m, err := scan.scan(rows)
		if err != nil {
			return nil, fmt.Errorf("history: %w", err)
		}
		list = append(list, *m)
	}
	return list, rows.Err()
}

// lookedTo returns where a page that is not full stopped looking, the zero Cursor
// where there is nothing left to look at.
func (s *Store) lookedTo(ctx context.Context, l listing) (end Cursor, looked time.Time, err error) {
	if l.Deep {
		return end, looked, nil
	}
	if l.filtered() {
		var b binds
		look := l.look(0)
		m, err := newListScan().scan(s.lists.QueryRowContext(ctx, `SELECT `+listColumns+` FROM (SELECT id FROM (`+l.candidates(&b, look)+`)
			LIMIT 1 OFFSET `+b.add(look-1)+`) c JOIN meetings m ON m.id = c.id`+joinOrganizer, b.values...))
		if err == nil {
			return l.order.cursor(m), l.order.time(m), nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return end, looked, fmt.Errorf("history: %w", err)
		}
	}
	if l.bound == 0 {
		return end, looked, nil
	}
	var created int64
	const q = `SELECT created_at FROM meetings WHERE id >= $1 ORDER BY id LIMIT 1`
	if err := s.lists.QueryRowContext(ctx, q, l.bound).Scan(&created); err != nil {
		return end, looked, fmt.Errorf("history: %w", err)
	}
	return Cursor{ID: l.bound}, time.UnixMilli(created).UTC(), nil
}

// AttendeesOf returns the names and addresses of the meetings' attendees, by
// meeting, as far as the person of the query may know them.
func (s *Store) AttendeesOf(ctx context.Context, of HistoryQuery, meetingIDs []int64) (map[int64][]meeting.Attendee, error) {
	list, err := json.Marshal(meetingIDs)
	if err != nil {
		return nil, fmt.Errorf("attendees: %w", err)
	}
	const q = `SELECT a.meeting_id, a.name, a.upn FROM json_each($1) id CROSS JOIN attendees a ON a.meeting_id = id.value
		WHERE NOT $2 OR NOT EXISTS (SELECT 1 FROM meeting_people p WHERE p.user_id = $3 AND p.meeting_id = a.meeting_id AND p.relation = 'handed over')
		ORDER BY a.meeting_id, a.position`
	rows, err := s.lists.QueryContext(ctx, q, string(list), of.Kits, of.UserID)
	if err != nil {
		return nil, fmt.Errorf("attendees: %w", err)
	}
	defer rows.Close()
	found := make(map[int64][]meeting.Attendee)
	for rows.Next() {
		var (
			id int64
			a  meeting.Attendee
		)
		if err := rows.Scan(&id, &a.Name, &a.UPN); err != nil {
			return nil, fmt.Errorf("attendees: %w", err)
		}
		found[id] = append(found[id], a)
	}
	return found, rows.Err()
}
