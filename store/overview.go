package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"meetdesk/meeting"
	"meetdesk/retryafter"
)

// Overview contains the figures for the administrator's overview.
type Overview struct {
	Days     []DayCount    // oldest day first, including days without meetings
	Failures []ReasonCount // since the first day, most frequent reason first
	Open     int           // the number of attempts without an outcome
	People   int           // the number of people with an open session
	Sessions int           // the number of open sessions
	Waits    []PersonWait  // up to 20, longest first
}

// DayCount is the number of meetings that were recorded on a day.
type DayCount struct {
	Day      time.Time
	Meetings int
}

// ReasonCount is the number of attempts that failed for the same reason.
type ReasonCount struct {
	Reason meeting.Reason
	Count  int
}

// PersonWait is a delay that Microsoft requested (Retry-After). Until it ends, the desk
// does not call the service for the named person, or for any user if Name is empty.
type PersonWait struct {
	Service Service
	Name    string // "" if the delay applies to all users
	Until   time.Time
}

const (
	failedSince = `SELECT reason, count(*) FROM attempts WHERE state = 'failed' AND created_at >= $1 GROUP BY reason ORDER BY count(*) DESC, reason`
	openNow     = `SELECT (SELECT count(*) FROM attempts WHERE state = 'pending'` + inOpenState + `) + (SELECT count(*) FROM attempts WHERE state = 'unfinished'` + inOpenState + `)`
	signedInNow = `SELECT count(DISTINCT s.user_id), count(*) FROM sessions s WHERE ` + isOpen
	waitingNow  = `SELECT w.service, coalesce(u.name, ''), w.until_at FROM waits w LEFT JOIN users u ON u.id = w.user_id
		WHERE w.until_at > $1 AND w.until_at <= $2 ORDER BY w.until_at DESC LIMIT 20`
)

// Overview returns the figures for consecutive days. Each day lasts from one of the given
// times to the next, so there must be at least two times. Sessions that have been idle for
// longer than the given duration do not count as open.
func (s *Store) Overview(ctx context.Context, days []time.Time, idle time.Duration) (o Overview, err error) {
	now := s.now()
	if o.Days, err = s.madeEachDay(ctx, days); err != nil {
		return o, err
	}
	if err := s.read.QueryRowContext(ctx, openNow).Scan(&o.Open); err != nil {
		return o, fmt.Errorf("overview: %w", err)
	}
	if err := s.read.QueryRowContext(ctx, signedInNow, now.UnixMilli(), now.Add(-idle).UnixMilli()).Scan(&o.People, &o.Sessions); err != nil {
		return o, fmt.Errorf("overview: %w", err)
	}
	err = s.eachRow(ctx, func(rows *sql.Rows) error {
		var r ReasonCount
		err := rows.Scan(&r.Reason, &r.Count)
		o.Failures = append(o.Failures, r)
		return err
	}, failedSince, days[0].UnixMilli())
	if err != nil {
		return o, err
	}
	err = s.eachRow(ctx, func(rows *sql.Rows) error {
		var w PersonWait
		var until sql.NullInt64
		err := rows.Scan(&w.Service, &w.Name, &until)
		w.Until = fromMillis(until)
		o.Waits = append(o.Waits, w)
		return err
	}, waitingNow, now.UnixMilli(), now.Add(retryafter.Longest).UnixMilli())
	return o, err
}

// madeOn returns a query that counts the meetings made on each of n days. Its parameters are
// the starts of the days and the end of the last one.
func madeOn(n int) string {
	var counts []string
	for i := 1; i <= n; i++ {
		counts = append(counts, fmt.Sprintf(`(SELECT count(*) FROM meetings WHERE created_at >= $%d AND created_at < $%d)`, i, i+1))
	}
	return `SELECT ` + strings.Join(counts, `, `)
}

func (s *Store) madeEachDay(ctx context.Context, days []time.Time) ([]DayCount, error) {
	list := make([]DayCount, len(days)-1)
	into := make([]any, len(list))
	for i := range list {
		list[i].Day, into[i] = days[i], &list[i].Meetings
	}
	args := make([]any, len(days))
	for i, start := range days {
		args[i] = start.UnixMilli()
	}
	if err := s.read.QueryRowContext(ctx, madeOn(len(list)), args...).Scan(into...); err != nil {
		return nil, fmt.Errorf("overview: %w", err)
	}
	return list, nil
}

func (s *Store) eachRow(ctx context.Context, do func(*sql.Rows) error, q string, args ...any) error {
	rows, err := s.read.QueryContext(ctx, q, args...)
	if err != nil {
		return fmt.Errorf("overview: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := do(rows); err != nil {
			return fmt.Errorf("overview: %w", err)
		}
	}
	return rows.Err()
}
