package listing

import (
	"context"
	"fmt"
	"slices"
	"time"

	"meetdesk/meeting"
)

// AuditFilter selects entries of the audit log. A zero field does not limit the selection.
type AuditFilter struct {
	UserID   int64
	Meetings []int64 // only entries about the meetings with these IDs
	Action   string
	From, To time.Time // From is inclusive, To is exclusive
}

// AuditCursor is a position in the audit log. The zero value is the position before the
// first entry to read.
type AuditCursor struct{ At, ID int64 }

// AuditPage is a page of the audit log.
type AuditPage struct {
	Entries  []meeting.AuditEntry
	Next     AuditCursor // start of the next page, which may be empty; zero if this is the last page
	Examined time.Time   // the time of the last examined entry if auditReach was reached before the page was full; otherwise zero
}

// auditReach is the maximum number of entries that are examined for one page. It bounds the
// time that a page takes, however large the log is.
const auditReach = 20_000

// Audit returns a page of up to limit entries that follow the given position. The newest
// entries come first, or the oldest if oldestFirst is set.
func (l *Lists) Audit(ctx context.Context, f AuditFilter, after AuditCursor, oldestFirst bool, limit int) (page AuditPage, err error) {
	ctx, done := l.limited(ctx)
	defer done(&err)
	page, err = l.db.audit(ctx, f, after, oldestFirst, limit, auditReach)
	if err != nil {
		return page, fmt.Errorf("audit: %w", err)
	}
	return page, nil
}

// ExportAudit passes all matching entries to the callback, oldest first, in batches of up
// to 1,000. The callback is called at least once, and no query is open while it runs.
func (l *Lists) ExportAudit(ctx context.Context, f AuditFilter, receive func([]meeting.AuditEntry) error) error {
	for after := (AuditCursor{}); ; {
		page, err := l.Audit(ctx, f, after, true, exportRows)
		if err != nil {
			return err
		}
		if err := receive(page.Entries); err != nil {
			return err
		}
		if after = page.Next; after == (AuditCursor{}) {
			return nil
		}
	}
}

// frequentActions are the actions that the audit_rare index omits.
var frequentActions = []string{
	"history.read", "meeting.read", "ticket.read", "directory.read", "meeting.create", "meeting.update", "meeting.refresh",
	"meeting.note", "meeting.sent", "sign_in", "sign_out",
}

func isFrequent(action string) bool { return slices.Contains(frequentActions, action) }
