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

// Wait returns nil as soon as the database can be reached. After an error that may be
// temporary, it retries with increasing pauses, for no longer than the limit. It returns
// the last error if the limit or the context ends the attempts. It returns any other error
// at once.
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
