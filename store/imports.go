package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"meetdesk/meeting"
)

// importFields returns the columns of an import, except those of the user who started it.
// Until the import ends, row_count is the only count that is set.
func importFields(i *meeting.Import) columns {
	return columns{
		{"id", &i.ID},
		{"grant_id", idOrNull{&i.GrantID}},
		{"title", &i.Title},
		{"time_zone", &i.TimeZone},
		{"unknown", storedLines{&i.Unknown}},
		{"state", &i.State},
		{"reason", &i.Reason},
		{"created_at", storedTime{&i.CreatedAt}},
		{"started_at", storedTime{&i.StartedAt}},
		{"ends_at", storedTime{&i.EndsAt}},
		{"finished_at", storedTime{&i.FinishedAt}},
		{"row_count", &i.Counts.Rows},
		{"created", &i.Counts.Created},
		{"found", &i.Counts.Found},
		{"failed", &i.Counts.Failed},
		{"left_out", &i.Counts.Left},
	}
}

// recentRows is the longest period over which the rate of an import is measured.
const recentRows = 30 * time.Second

// storeCounts stores the row counts of each finished import, so that listing imports does
// not count rows again. It skips imports whose counts are complete.
const storeCounts = `UPDATE imports SET (created, found, failed, left_out) = (
		SELECT count(*) FILTER (WHERE r.state = 'created'), count(*) FILTER (WHERE r.state = 'found'), count(*) FILTER (WHERE r.state = 'failed'), count(*) FILTER (WHERE r.state = 'left')
		FROM import_rows r WHERE r.import_id = imports.id)
	WHERE state IN ('done', 'cancelled') AND created + found + failed + left_out < row_count`

// hasOpenRows is an SQL condition that is true if the rows of import i must be counted. That
// is the case if the import is running or paused, or if it was cancelled and some of its
// rows are still running.
const hasOpenRows = `(i.state IN ('running', 'paused') OR i.state = 'cancelled' AND i.created + i.found + i.failed + i.left_out < i.row_count)`

// selectImports selects imports and their users and counts the rows of imports with open
// rows. Rows that ended after $1 and after the import was last started, resumed or retried
// count as recent. $2 is the current time.
var selectImports = `SELECT ` + importFields(new(meeting.Import)).of("i") + `, ` + userColumns + `,
		count(r.position), count(*) FILTER (WHERE r.state = 'waiting'), count(*) FILTER (WHERE r.state = 'running'), count(*) FILTER (WHERE r.state = 'created'),
		count(*) FILTER (WHERE r.state = 'found'), count(*) FILTER (WHERE r.state = 'failed'), count(*) FILTER (WHERE r.state = 'left'), count(*) FILTER (WHERE r.ended_at > $1 AND r.ended_at > i.ends_at - ` + fmt.Sprint(importLife.Milliseconds()) + `),
		count(*) FILTER (WHERE r.state = 'running' AND r.lease_until > $2)
	FROM imports i JOIN users u ON u.id = i.user_id LEFT JOIN import_rows r ON r.import_id = CASE WHEN ` + hasOpenRows + ` THEN i.id END`

func (s *Store) selectedImports(ctx context.Context, rest string, args ...any) (list []meeting.Import, err error) {
	now := s.now()
	since := now.Add(-recentRows)
	if s.opened.After(since) && !s.opened.After(now) {
		since = s.opened // no rows ended while the desk was stopped
	}
	args = append([]any{since.UnixMilli(), now.UnixMilli()}, args...)
	rows, err := s.read.QueryContext(ctx, selectImports+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("imports: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var (
			i meeting.Import
			c meeting.ImportCounts
		)
		into := append(values(importFields(&i), userFields(&i.User)), &c.Rows, &c.Waiting, &c.Running, &c.Created, &c.Found, &c.Failed, &c.Left, &c.Recent, &c.InFlight)
		if err := rows.Scan(into...); err != nil {
			return nil, fmt.Errorf("imports: %w", err)
		}
		if c.Rows > 0 {
			c.Recently = now.Sub(latest(since, i.EndsAt.Add(-importLife)))
			i.Counts = c
		}
		list = append(list, i)
	}
	return list, rows.Err()
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Import returns the import with the given ID, or a NotFound error.
func (s *Store) Import(ctx context.Context, id int64) (meeting.Import, error) {
	list, err := s.selectedImports(ctx, ` WHERE i.id = $3 GROUP BY i.id, u.id`, id)
	if err == nil && len(list) == 0 {
		err = &meeting.Error{Code: meeting.NotFound, Key: meeting.ReasonImportUnknown, Err: sql.ErrNoRows}
	}
	if err != nil {
		return meeting.Import{}, err
	}
	return list[0], nil
}

// These conditions select imports in a subquery, so that only their rows are counted. SQLite
// then also reads the imports by ID and need not sort the rows to count them.
const (
	newestImports = ` WHERE i.id IN (SELECT n.id FROM imports n WHERE (n.user_id = $3 OR $3 = 0) AND (n.id < $4 OR $4 = 0) ORDER BY n.id DESC LIMIT $5)
	GROUP BY i.id, u.id ORDER BY i.id DESC`
	recentImports = ` WHERE i.id IN (SELECT n.id FROM imports n WHERE n.user_id = $3 AND (n.state IN ('running', 'paused') OR coalesce(n.finished_at, n.created_at) > $4)
		ORDER BY n.state IN ('running', 'paused') DESC, n.id DESC LIMIT 5)
	GROUP BY i.id, u.id ORDER BY i.state IN ('running', 'paused') DESC, i.id DESC`
	openImports = ` WHERE i.id IN (SELECT n.id FROM imports n WHERE n.state IN ('running', 'paused') AND (n.user_id = $3 OR $3 = 0))
	GROUP BY i.id, u.id ORDER BY i.id`
)

// Imports returns the person's newest imports, or those of all users if userID is 0, up to
// the given limit. If before is not 0, it returns only imports older than the one with that
// ID.
func (s *Store) Imports(ctx context.Context, userID, before int64, limit int) ([]meeting.Import, error) {
	return s.selectedImports(ctx, newestImports, userID, before, limit)
}

// OpenImports returns the imports that are running or paused, oldest first. If userID is not
// 0, it returns only that person's imports.
func (s *Store) OpenImports(ctx context.Context, userID int64) ([]meeting.Import, error) {
	return s.selectedImports(ctx, openImports, userID)
}

// RecentImports returns up to five of the person's imports: those that are running or
// paused, and then those that were uploaded or ended within the given time, newest first.
func (s *Store) RecentImports(ctx context.Context, userID int64, within time.Duration) ([]meeting.Import, error) {
	since := s.now().Add(-within).UnixMilli()
	return s.selectedImports(ctx, recentImports, userID, since)
}
