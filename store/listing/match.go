package listing

import (
	"context"
	"fmt"
)

func (db reader) hasFewerMatches(ctx context.Context, condition string, n int) (fewer bool, err error) {
	b := db.binds()
	q := db.fewerMatches(b, condition, n)
	if err := db.QueryRowContext(ctx, q, b.values...).Scan(&fewer); err != nil {
		return false, fmt.Errorf("history: %w", err)
	}
	return fewer, nil
}

func (db reader) hasMatch(ctx context.Context, l list) (found bool, err error) {
	b := db.binds()
	q := db.anyMatch(b, l)
	if err := db.QueryRowContext(ctx, q, b.values...).Scan(&found); err != nil {
		return false, fmt.Errorf("history: %w", err)
	}
	return found, nil
}
