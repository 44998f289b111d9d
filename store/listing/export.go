package listing

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"

	"meetdesk/meeting"
)

// Exported is a meeting with the values of all columns of an export.
type Exported struct {
	meeting.Listed
	More [len(exportColumns)]string // see ExportColumns
}

// exportColumns are the columns that only an export contains. In the SQL expressions, m
// is the meeting and k is its maker. exportSQL replaces attendees(m) with a subquery.
var exportColumns = [...]struct {
	name      string
	beyondKit bool // whether the value is whether the value is left empty if the meeting was handed over to the person exporting it
	sql       string
}{
	{"origin", true, `coalesce(m.origin, '')`},
	{"time_zone", false, `m.time_zone`},
	{"maker", true, `k.name`},
	{"maker_upn", true, `k.upn`},
	{"attendees", true, `attendees(m)`},
	{"join_url", false, `m.join_url`},
	{"meeting_id", false, `m.join_meeting_id`},
	{"conference_id", false, `m.conference_id`},
	{"toll_number", false, `m.toll_number`},
	{"toll_free_number", false, `m.toll_free_number`},
	{"thread_id", true, `m.thread_id`},
	{"graph_id", true, `coalesce(m.graph_id, '')`},
}

// The positions of the columns that are stored in short form; see package compact.
var joinURLAt, graphIDAt = columnAt("join_url"), columnAt("graph_id")

func columnAt(name string) int { return slices.Index(ExportColumns(), name) }

// ExportColumns returns the column names for the values in Exported.More.
func ExportColumns() (names []string) {
	for _, c := range exportColumns {
		names = append(names, c.name)
	}
	return names
}

// These constants limit one read of an export, whose rows stay in memory while the
// callback runs. A read must not wait for the callback, because SQLite cannot complete a
// checkpoint of the write-ahead log during a read.
const (
	exportRows  = 1_000
	exportBytes = 1 << 20
)

// Export passes the meetings to the callback in parts. The meetings with the given IDs
// precede the others, which follow in list order. While the callback runs, Export reads
// the next part. Meetings that are inserted during the export may be missing. If the list
// is sorted by start, a meeting whose start changes may appear twice or not at all. An
// error from the callback ends the export.
func (l *Lists) Export(ctx context.Context, c Criteria, first []int64, receive func([]Exported) error) error {
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
		failed <- l.readParts(ctx, c, first, parts)
	}()
	for part := range parts {
		if err := receive(part); err != nil {
			cancel()
			for range parts { // drain the channel so that the reader can stop
			}
			return err
		}
	}
	return <-failed
}

// readParts sends the meetings to the channel, in the order that Export describes. Unless
// it fails, it sends at least one part, which may be empty. It stops when the context
// ends.
func (l *Lists) readParts(ctx context.Context, c Criteria, first []int64, parts chan<- []Exported) error {
	send := func(part []Exported) error {
		select {
		case parts <- part:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	part, err := l.exportFirst(ctx, c, first)
	if err != nil {
		return err
	}
	c.At, c.Back, c.Deep = Cursor{}, false, false // each read continues where the previous one stopped
	for {
		more, next, err := l.exportNext(ctx, c)
		if err != nil {
			return err
		}
		c.At = next
		more = slices.DeleteFunc(more, func(e Exported) bool { return slices.Contains(first, e.ID) })
		if err := send(append(part, more...)); err != nil || c.At == (Cursor{}) {
			return err
		}
		part = nil
	}
}

// exportNext returns the rows that follow c.At and the position at which the next call must
// continue. A zero position means that no rows are left.
func (l *Lists) exportNext(ctx context.Context, c Criteria) (part []Exported, next Cursor, err error) {
	ctx, done := l.limited(ctx)
	defer done(&err)
	r, ok, err := l.resolve(ctx, c)
	if err != nil || !ok {
		return nil, next, err
	}
	part, isFull, err := l.db.exportList(ctx, r)
	if err != nil {
		return nil, next, err
	}
	if isFull {
		return part, r.order.cursor(&part[len(part)-1].Listed), nil
	}
	next, _, err = l.examinedTo(ctx, r)
	return part, next, err
}

// exportFirst returns the meetings with the given IDs. If their rows are large, it reads
// them in several steps.
func (l *Lists) exportFirst(ctx context.Context, c Criteria, ids []int64) (part []Exported, err error) {
	for len(ids) > 0 {
		more, err := l.exportIDs(ctx, c, ids)
		if err != nil || len(more) == 0 {
			return part, err
		}
		part, ids = append(part, more...), ids[len(more):]
	}
	return part, nil
}

func (l *Lists) exportIDs(ctx context.Context, c Criteria, ids []int64) (part []Exported, err error) {
	ctx, done := l.limited(ctx)
	defer done(&err)
	return l.db.exportIDs(ctx, c, ids)
}
