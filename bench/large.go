package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"strings"
	"time"
)

const (
	largeAttendees = 60
	largeAttempts  = 20
)

const progressRows = 200

// addLarge creates a meeting with many attendees and attempts for the busy person. It
// returns the path of the meeting's page.
func (c *crew) addLarge(ctx context.Context) (page string, err error) {
	var people strings.Builder
	for i := range largeAttendees {
		fmt.Fprintf(&people, "Attendee %d <attendee%d@contoso.example>\n", i, i)
	}
	if page, _, err = c.busy.createFor(ctx, fmt.Sprint("LARGE-", time.Now().UnixNano()), people.String()); err != nil {
		return "", err
	}
	page, _, _ = strings.Cut(page, "?")
	db, err := openDatabase(filepath.Join(c.filled.data, databaseFile), "_pragma=busy_timeout(5000)")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for statement, most := range map[string]int{
		`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
			INSERT INTO attempts (meeting_id, actor_id, mode, kind, asked, asked_packed, state, outcome, form_id, created_at, updated_at)
			SELECT meeting_id, actor_id, mode, 'update', asked, asked_packed, state, 'changed', form_id || '-' || i, created_at, updated_at
			FROM attempts JOIN n WHERE meeting_id = $1 LIMIT $2 - 1`: largeAttempts,
		`INSERT INTO calls (attempt_id, method, client_request_id, request_id, status, unsure, started_at, duration_us)
			SELECT a.id, 'PATCH', c.client_request_id, c.request_id, 200, 0, c.started_at, c.duration_us
			FROM attempts a, (SELECT c.* FROM calls c JOIN attempts a ON a.id = c.attempt_id WHERE a.meeting_id = $1 LIMIT 1) c
			WHERE a.meeting_id = $1 AND a.kind = 'update' LIMIT $2`: largeAttempts,
	} {
		if _, err := db.ExecContext(ctx, statement, path.Base(page), most); err != nil {
			return "", err
		}
	}
	return page, nil
}

// addImport starts an import for the quiet person and pauses it. It returns the path of the
// import's page.
func (c *crew) addImport(ctx context.Context) (page string, err error) {
	if page, err = c.quiet.upload(ctx, "exams.csv", importTable(fmt.Sprint("PAGE", time.Now().Unix(), "-"), progressRows, 0)); err != nil {
		return "", err
	}
	for _, act := range []struct{ path, form string }{{"/check", url.Values{"act": {"start"}}.Encode()}, {"/pause", ""}} {
		if _, err := c.quiet.send(ctx, page+act.path, "application/x-www-form-urlencoded", strings.NewReader(act.form)); err != nil {
			return "", err
		}
	}
	return page, nil
}
