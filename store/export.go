package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"
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
		coalesce((SELECT group_concat(CASE WHEN upn = '' THEN coalesce(nullif(name, ''), object_id) WHEN name = '' THEN upn ELSE name || ' <' || upn || '>' END || CASE role WHEN '' THEN '' WHEN 'attendee' THEN '' ELSE ' ' || role END, '; ')
			FROM attendees WHERE meeting_id = m.id), ''),
		m.join_url, m.join_meeting_id, m.conference_id, m.toll_number, m.toll_free_number, m.thread_id, coalesce(m.graph_id, '')`
)

// notOfKit are the columns that a person does not get of a meeting that was handed
// over to them, as they do not on its page: by their place in ExportColumns.
var notOfKit = []int{0, 2, 3, 4, 10, 11}

// What one read of an export takes at most: a read holds back the checkpoints of
// the write-ahead log, so none may wait for who reads it, and what was read is kept
// until they have.
const (
	exportRows  = 1_000
	exportBytes = 1 << 20
)

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
		defer close(parts)
		defer func() {
			if p := recover(); p != nil {
				failed <- fmt.Errorf("export: panic: %v\n%s", p, debug.Stack())
			}
		}()
		failed <- s.readParts(ctx, q, first, parts)
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
	part, err := s.exportOnly(ctx, q, first)
	if err != nil {
		return err
	}
	q.At, q.Back, q.Deep = Cursor{}, false, false // short reads: where one stops looking, the next goes on
	for {
		l, err := s.listing(ctx, q)
		if err != nil || l.nothing {
			return cmp.Or(err, send(part))
		}
		more, full, err := s.exportPart(ctx, l)
		if err != nil {
			return err
		}
		if full {
			q.At = l.order.cursor(&more[len(more)-1].Listed)
		} else if q.At, _, err = s.lookedTo(ctx, l); err != nil {
			return err
		}
		more = slices.DeleteFunc(more, func(e Exported) bool { return slices.Contains(first, e.ID) })
		if err := send(append(part, more...)); err != nil || q.At == (Cursor{}) {
			return err
		}
		part = nil
	}
}

// exportPart returns the next rows, and whether they are as many as one read takes.
func (s *Store) exportPart(ctx context.Context, l listing) ([]Exported, bool, error) {
	var b binds
	columns := exportedOf(&b, l.HistoryQuery)
	return s.exported(ctx, l.rows(&b, columns, joinMaker, exportRows), b.values...)
}

func (s *Store) exportOnly(ctx context.Context, q HistoryQuery, ids []int64) (part []Exported, err error) {
	for len(ids) > 0 { // a few more where they are long
		list, err := json.Marshal(ids)
		if err != nil {
			return nil, fmt.Errorf("export: %w", err)
		}
		var b binds
		columns := exportedOf(&b, q)
		more, _, err := s.exported(ctx, `SELECT `+columns+` FROM json_each(`+b.add(string(list))+`) c CROSS JOIN meetings m ON m.id = c.value`+joinOrganizer+joinMaker, b.values...)
		if err != nil || len(more) == 0 {
			return part, err
		}
		part, ids = append(part, more...), ids[len(more):]
	}
	return part, nil
}

const joinMaker = `JOIN users k ON k.id = m.maker_id`

// exportedOf are the columns of an Exported, the last of them whether the person
// may know the kit only.
func exportedOf(b *binds, q HistoryQuery) string {
	kit := `0`
	if q.Kits {
		kit = `EXISTS (SELECT 1 FROM meeting_people p WHERE p.meeting_id = m.id AND p.user_id = ` + b.add(q.UserID) + ` AND p.relation = 'handed over')`
	}
	return listColumns + `, ` + exportColumns + `, ` + kit
}

func (s *Store) exported(ctx context.Context, q string, args ...any) (part []Exported, full bool, err error) {
	rows, err := s.lists.QueryContext(ctx, q, args...)
	if err != nil {
		return nil, false, fmt.Errorf("export: %w", err)
	}
	defer rows.Close()
	var (
		more  [exportMore]string
		kit   bool
		bytes int
	)
	places := make([]any, exportMore, exportMore+1)
	for i := range more {
		places[i] = &more[i]
	}
	for scan := newListScan(append(places, &kit)...); rows.Next() && bytes < exportBytes; {
		m, err := scan.scan(rows)
		if err != nil {
			return nil, false, fmt.Errorf("export: %w", err)
		}
		e := Exported{*m, more}
		for _, i := range notOfKit {
			if kit {
				e.More[i] = ""
			}
		}
		bytes += len(e.ExternalID) + len(e.Subject)
		for _, cell := range e.More {
			bytes += len(cell)
		}
		part = append(part, e)
	}
	return part, len(part) == exportRows || bytes >= exportBytes, rows.Err()
}
