package backup

import (
	"context"
	"database/sql"
	"time"

	"meetdesk/store/sqlitedb"
)

// series contains two queries about a table, which run on both engines. next returns the
// table's next number, and busiest the number of rows added on the busiest day.
type series struct{ next, busiest string }

var (
	meetingNumbers = series{
		`SELECT max(n) FROM (SELECT coalesce(max(id), 0) + 1 AS n FROM meetings UNION ALL SELECT meeting FROM next_ids) AS t`,
		`SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM meetings GROUP BY created_at / 86400000) AS t`,
	}
	entryNumbers = series{
		`SELECT coalesce(max(id), 0) + 1 FROM audit`,
		`SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM audit GROUP BY at / 86400000) AS t`,
	}
)

// firstFree skips at least perDay numbers for each day. One import can create 2,000
// meetings, and several people may import on the same day.
const perDay = 10_000

// firstFree returns a number that has probably not been assigned since the backup was made.
// For each day or part of a day since the newest record, it skips four times as many
// numbers as there are rows from the busiest day, but at least perDay.
func (s series) firstFree(ctx context.Context, db *sql.DB, now time.Time) (int64, error) {
	const newest = `SELECT coalesce(max(n), 0) FROM (SELECT max(created_at) AS n FROM attempts UNION ALL SELECT max(at) FROM audit) AS t`
	var last, busiest, at int64
	q := `SELECT (` + s.next + `), (` + s.busiest + `), (` + newest + `)`
	if err := db.QueryRowContext(ctx, q).Scan(&last, &busiest, &at); err != nil {
		return 0, err
	}
	days := int64(1)
	if at > 0 {
		days += int64(max(0, now.Sub(time.UnixMilli(at))) / (24 * time.Hour))
	}
	return afterGap(last, busiest, days), nil
}

// afterGap returns the first multiple of 1,000 after the numbers to skip.
func afterGap(next, busiest, days int64) int64 {
	const step = 1000
	return (next + max(perDay, 4*busiest)*days + step - 1) / step * step
}

// numbersIn returns the next numbers of meetings and audit entries in the old database. A
// number that cannot be read is 0. Closing the database also checkpoints its write-ahead
// log.
func numbersIn(ctx context.Context, old string) (meeting, entry int64) {
	db, err := sqlitedb.OpenFile(old)
	if err != nil {
		return 0, 0
	}
	defer db.Close()
	next := func(queries ...string) (next int64) {
		for _, q := range queries {
			var n sql.NullInt64
			if err := db.QueryRowContext(ctx, q).Scan(&n); err == nil {
				next = max(next, n.Int64)
			}
		}
		return next
	}
	return next(`SELECT coalesce(max(id), 0) + 1 FROM meetings`, `SELECT meeting FROM next_ids`), next(entryNumbers.next)
}
