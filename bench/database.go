package main

import (
	"context"
	"database/sql"
	"net/url"
	"strings"
	"time"

	_ "modernc.org/sqlite" // registers the driver "sqlite"

	"meetdesk/store/sqlitedb"
)

const databaseFile = "meetdesk.db"

func openDatabase(path string, settings ...string) (*sql.DB, error) {
	return sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+strings.Join(settings, "&"))
}

// graphSpans returns how long each successful create waited for Graph, according to the
// desk's database. The keys are external IDs.
func graphSpans(ctx context.Context, path string) (spans map[string]time.Duration, err error) {
	db, err := openDatabase(path, "mode=ro")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	const q = `SELECT m.external_id, sum(c.duration_us) FROM calls c JOIN attempts a ON a.id = c.attempt_id JOIN meetings m ON m.id = a.meeting_id
		WHERE a.kind = 'create' AND a.state = 'done' AND a.outcome = 'created' GROUP BY a.id`
	rows, err := db.QueryContext(ctx, q)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	spans = make(map[string]time.Duration)
	for rows.Next() {
		var (
			externalID string
			micros     int64
		)
		if err := rows.Scan(&externalID, &micros); err != nil {
			return nil, err
		}
		spans[externalID] = time.Duration(micros) * time.Microsecond
	}
	return spans, rows.Err()
}

// countMeetings returns the highest meeting ID, which is also the number of meetings unless
// meetings have been purged.
func countMeetings(ctx context.Context, path string) (n int, err error) {
	db, err := openDatabase(path, "mode=ro")
	if err != nil {
		return 0, err
	}
	defer db.Close()
	err = db.QueryRowContext(ctx, `SELECT coalesce(max(id), 0) FROM meetings`).Scan(&n)
	return n, err
}

// floor is a database that is opened with the same settings as the desk's writer. The time
// that its commits take is a lower bound for the duration of a create.
type floor struct {
	*sql.DB
	path string
}

// rowSize is the approximate number of bytes that a create writes per commit: the form,
// Graph's reply, and the columns derived from the reply.
const rowSize = 2000

func newFloor(ctx context.Context, path string) (floor, error) {
	db, err := sqlitedb.OpenWriter(path)
	if err != nil {
		return floor{}, err
	}
	// Fill the database until its log has been reused once, because commits take longer
	// while the log is still growing.
	const fill = `CREATE TABLE rows (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
		INSERT INTO rows (body) SELECT hex(randomblob($1 / 2)) FROM n;
		INSERT INTO rows (body) VALUES ('after the checkpoint');`
	if _, err := db.ExecContext(ctx, fill, rowSize); err != nil {
		db.Close()
		return floor{}, err
	}
	return floor{db, path}, nil
}

// pages makes n commits and returns how many pages they wrote to the log.
func (f floor) pages(ctx context.Context, n int) (int, error) {
	before, err := readLog(f.path + "-wal")
	if err != nil {
		return 0, err
	}
	if _, err := f.commit(ctx, n); err != nil {
		return 0, err
	}
	after, err := readLog(f.path + "-wal")
	return after.pages - before.pages, err
}

// commit makes n durable commits of one row each and returns how long they took.
func (f floor) commit(ctx context.Context, n int) (time.Duration, error) {
	body := strings.Repeat("x", rowSize)
	begun := time.Now()
	for range n {
		if _, err := f.ExecContext(ctx, `INSERT INTO rows (body) VALUES ($1)`, body); err != nil {
			return 0, err
		}
	}
	return time.Since(begun), nil
}
