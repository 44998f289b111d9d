package store

import (
	"context"
	"fmt"
)

// erasureRead estimates the percentage of the records that an erasure has read. Counting
// rows would take too long, so it uses the highest ID in the first key column of each
// table.
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

func (t *personalTable) selectHighest() string {
	return fmt.Sprintf(`SELECT coalesce(max(%s), 0) FROM %s`, t.keys[0], t.name)
}
