package postgresdb

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// The first and the longest pause between Wait's attempts to reach the database.
const (
	firstPause   = 500 * time.Millisecond
	longestPause = 10 * time.Second
)

// Wait waits until the database can be reached. If an error may be temporary, it retries
// with increasing pauses until the time limit has passed or the context ends, and then
// returns the last error. It returns any other error immediately.
func (a Address) Wait(ctx context.Context, limit time.Duration, log *slog.Logger) error {
	db := a.pool(1)
	defer db.Close()
	begun := time.Now()
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		err := a.openError(db.PingContext(ctx))
		var failed *OpenError
		if err == nil || !errors.As(err, &failed) || !failed.Wait || time.Since(begun)+pause > limit {
			return err
		}
		log.WarnContext(ctx, "the database cannot be used yet; it is tried again", "in", pause, "error", err)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return err
		}
	}
}
