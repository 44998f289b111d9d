package store

import (
	"context"
	"fmt"
)

// erasureRead returns what percentage of the records an erasure has read. Counting a
// table's rows would take too long, so the highest ID in the first column of the table's
// key is used instead.
func (s *Store) erasureRead(ctx context.Context, step int, after int64) (percent int, err error) {
	var read, all int64
	for i, table := range personalTables() {
		if table.neverChanges() {
			continue
		}
		var highest int64
		if err := s.read.QueryRowContext(ctx, table.selectHighest()).Scan(&highest); err != nil {
			return 0, fmt.Errorf("progress of an erasure: %s: %w", table.name, err)
		}
		all += highest
		switch {
		case i < step:
			read += highest
		case i == step:
			read += min(after, highest)
		}
	}
	if step >= len(personalTables()) {
		return 100, nil
	}
	return int(100 * read / max(all, 1)), nil
}

// selectHighest returns a query for the highest ID in the first column of the table's
// key.
func (t *personalTable) selectHighest() string {
	return fmt.Sprintf(`SELECT coalesce(max(%s), 0) FROM %s`, t.keys[0], t.name)
}
