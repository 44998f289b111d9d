package store

import (
	"context"
	"fmt"

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

// Export hands on everything that the list holds, in its order, in parts of at
// most 1,000 rows that are read one by one, the next while one is received. Rows
// that are made meanwhile are in it or not; none comes twice. An error of the
// receiver ends it.
func (s *Store) Export(ctx context.Context, q HistoryQuery, receive func([]Exported) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	parts, failed := make(chan []Exported), make(chan error, 1)
	go func() {
		failed <- s.readParts(ctx, q, parts)
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
func (s *Store) readParts(ctx context.Context, q HistoryQuery, parts chan<- []Exported) error {
	q.At, q.Back, q.Deep = Cursor{}, false, false
	for {
		l, err := s.listing(ctx, q)
		if err != nil {
			return err
		}
		var part []Exported
		if !l.nothing {
			if part, err = s.exportPart(ctx, l); err != nil {
				return err
			}
		}
		select {
		case parts <- part:
		case <-ctx.Done():
			return ctx.Err()
		}
		if len(part) == exportRows {
			q.At = l.order.cursor(&part[exportRows-1].Listed)
		} else if l.nothing {
			return nil
		} else if q.At, _, err = s.lookedTo(ctx, l); err != nil || q.At == (Cursor{}) {
			return err
		}
	}
}

func (s *Store) exportPart(ctx context.Context, l listing) ([]Exported, error) {
	var (
		b    binds
		more [exportMore]string
	)
	const maker = `JOIN users k ON k.id = m.maker_id`
	rows, err := s.read.QueryContext(ctx, l.rows(&b, listColumns+`, `+exportColumns, maker, exportRows), b.values...)
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	defer rows.Close()
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
