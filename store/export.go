package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"meetdesk/meeting"
)

// Exported is a meeting with what a table of meetings has columns for.
type Exported struct {
	meeting.Listed
	More [exportMore]string // what exportColumns names
}

// ExportColumns are the names of an Exported's More.
var ExportColumns = [exportMore]string{
	"origin", "time_zone", "maker", "maker_upn", "attendees",
	"join_url", "meeting_id", "conference_id", "toll_number", "toll_free_number", "thread_id", "graph_id",
}

const (
	exportMore    = 12
	exportColumns = `coalesce(m.origin, ''), m.time_zone, k.name, k.upn,
		coalesce((SELECT group_concat(CASE name WHEN '' THEN upn ELSE name || ' <' || upn || '>' END || CASE role WHEN '' THEN '' WHEN 'attendee' THEN '' ELSE ' ' || role END, '; ')
			FROM attendees WHERE meeting_id = m.id), ''),
		m.join_url, m.join_meeting_id, m.conference_id, m.toll_number, m.toll_free_number, m.thread_id, coalesce(m.graph_id, '')`
)

// exportRows is how many meetings one read of an export takes: a read holds back
// the checkpoints of the write-ahead log, so none may wait for who reads it.
const exportRows = 1_000

// Export hands on the meetings with the IDs that come first, and then all others
// that the list holds, in its order: parts of at most 1,000 rows that are read one
// by one, the next while one is received. Rows that are made meanwhile are in it or
// not; in the order by start, one that is moved meanwhile may come twice or not at
// all. An error of the receiver ends it.
func (s *Store) Export(ctx context.Context, q HistoryQuery, first []int64, receive func([]Exported) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	parts, failed := make(chan []Exported), make(chan error, 1)
	go func() {
		failed <- s.readParts(ctx, q, first, parts)
		close(parts)
	}()
	for part := range parts {
		if err := receive(part); err != nil {
			cancel()
			for range parts { // until the reader has noticed
			}
			return err
		}
	}
	return <-failed
}

// readParts sends one part after the other, at least one, until there are no more
// or nobody waits for them.
func (s *Store) readParts(ctx context.Context, q HistoryQuery, first []int64, parts chan<- []Exported) error {
	send := func(part []Exported) error {
		select {
		case parts <- part:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	part, err := s.exportOnly(ctx, first)
	if err == nil {
		err = send(part)
	}
	if err != nil {
		return err
	}
	q.At, q.Back, q.Deep = Cursor{}, false, false // short reads: where one stops looking, the next goes on
	for {
		l, err := s.listing(ctx, q)
		if err != nil || l.nothing {
			return err
		}
		part, err := s.exportPart(ctx, l)
		if err != nil {
			return err
		}
		if len(part) == exportRows {
			q.At = l.order.cursor(&part[exportRows-1].Listed)
		} else if q.At, _, err = s.lookedTo(ctx, l); err != nil {
			return err
		}
		rest := slices.DeleteFunc(part, func(e Exported) bool { return slices.Contains(first, e.ID) })
		if err := send(rest); err != nil || q.At == (Cursor{}) {
			return err
		}
	}
}

// joinMaker goes with exportColumns.
const joinMaker = `JOIN users k ON k.id = m.maker_id`

func (s *Store) exportPart(ctx context.Context, l listing) ([]Exported, error) {
	var b binds
	return s.exported(ctx, l.rows(&b, listColumns+`, `+exportColumns, joinMaker, exportRows), b.values...)
}

func (s *Store) exportOnly(ctx context.Context, ids []int64) ([]Exported, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	const q = `SELECT ` + listColumns + `, ` + exportColumns + ` FROM json_each($1) c CROSS JOIN meetings m ON m.id = c.value` + joinOrganizer + joinMaker
	return s.exported(ctx, q, string(list))
}

func (s *Store) exported(ctx context.Context, q string, args ...any) ([]Exported, error) {
	rows, err := s.read.QueryContext(ctx, q, args...)
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	defer rows.Close()
	var more [exportMore]string
	places := make([]any, exportMore)
	for i := range more {
		places[i] = &more[i]
	}
	part, scan := make([]Exported, 0, exportRows), newListScan(places...)
	for rows.Next() {
		m, err := scan.scan(rows)
		if err != nil {
			return nil, fmt.Errorf("export: %w", err)
		}
		part = append(part, Exported{*m, more})
	}
	return part, rows.Err()
}
