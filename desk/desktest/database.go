package desktest

import (
	"context"
	"slices"
	"strings"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/enginetest"
	"meetdesk/store/listing"
)

// Meetings returns up to 1,000 meetings in the history, newest first.
func (d *Desk) Meetings() (all []meeting.Meeting) {
	d.T.Helper()
	page, err := d.Store.History(context.Background(), listing.Criteria{Everyone: true, Limit: 1000})
	if err != nil {
		d.T.Fatal(err)
	}
	for _, row := range page.Rows {
		all = append(all, d.Meeting(row.ID))
	}
	return all
}

// Meeting returns the meeting with the given ID.
func (d *Desk) Meeting(id int64) meeting.Meeting {
	d.T.Helper()
	m, err := d.Store.Meeting(context.Background(), id)
	if err != nil {
		d.T.Fatal(err)
	}
	return m
}

// Newest returns the newest meeting with the given external ID.
func (d *Desk) Newest(externalID string) meeting.Meeting {
	d.T.Helper()
	for _, m := range d.Meetings() {
		if m.ExternalID == externalID {
			return m
		}
	}
	d.T.Fatalf("the history has no meeting %q", externalID)
	return meeting.Meeting{}
}

// Attempts returns the attempts on a meeting, newest first.
func (d *Desk) Attempts(meetingID int64) []meeting.Attempt {
	d.T.Helper()
	list, err := d.Store.Attempts(context.Background(), meetingID)
	if err != nil {
		d.T.Fatal(err)
	}
	return list
}

// Exec executes a statement on the database, bypassing the store.
func (d *Desk) Exec(statement string, args ...any) {
	d.T.Helper()
	d.Edited = true
	db := enginetest.Connect(d.T, d.Dir)
	defer db.Close()
	if _, err := db.Exec(statement, args...); err != nil {
		d.T.Fatal(err)
	}
}

// Audit returns the lines of the audit log, oldest first, except for refusals, directory
// look-ups, and routine actions such as signing in or creating a meeting.
func (d *Desk) Audit() []string {
	d.T.Helper()
	own := []store.AuditAction{
		store.AuditSignIn, store.AuditSignOut, store.AuditRole, store.AuditCreate, store.AuditUpdate, store.AuditRemove, store.AuditRefresh,
		store.AuditAdopt, store.AuditRetry, store.AuditDismiss, store.AuditRefused, store.AuditDirectoryRead,
	}
	return slices.DeleteFunc(d.AuditLog(), func(line string) bool {
		return slices.Contains(own, store.AuditAction(strings.Fields(line)[1]))
	})
}

// AuditLog returns all entries of the audit log as text lines, oldest first. Each line
// consists of the person's UPN, the action, the meeting ID or 0, and the detail. If the
// entry has no person, the UPN is replaced by "-".
func (d *Desk) AuditLog() (lines []string) {
	d.T.Helper()
	if err := d.Store.FlushAudit(context.Background()); err != nil {
		d.T.Fatal(err)
	}
	db := enginetest.Connect(d.T, d.Dir)
	defer db.Close()
	rows, err := db.Query(`SELECT coalesce(u.upn, '-') || ' ' || a.action || ' ' || coalesce(a.meeting_id, 0) || ' ' || a.detail FROM audit a LEFT JOIN users u ON u.id = a.user_id ORDER BY a.at, a.id`)
	if err != nil {
		d.T.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			d.T.Fatal(err)
		}
		lines = append(lines, line)
	}
	if err := rows.Err(); err != nil {
		d.T.Fatal(err)
	}
	return lines
}
