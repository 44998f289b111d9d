package store

import (
	"context"
	"database/sql"
	"fmt"
	"net/netip"
	"time"

	"meetdesk/meeting"
	"meetdesk/store/compact"
)

// AuditAction is the kind of action that an audit entry records. The values must never
// change, because the database stores them.
type AuditAction string

// The actions that the audit log records.
const (
	AuditMeetingRead   AuditAction = "meeting.read"        // viewed another user's meeting; detail is the part of the invitation kit, or "" for the page
	AuditTicketRead    AuditAction = "ticket.read"         // viewed another user's meeting for a ticket, or suggested tickets; detail contains the tickets
	AuditHistoryRead   AuditAction = "history.read"        // listed or searched the meetings of all users or of another user
	AuditExport        AuditAction = "history.export"      // started downloading a list of meetings
	AuditExportEnd     AuditAction = "history.export_end"  // completed the download; count is the number of rows
	AuditExportCut     AuditAction = "history.export_cut"  // the download was interrupted; count is the number of rows in its complete parts
	AuditDirectoryRead AuditAction = "directory.read"      // searched the directory or looked up attendees in it; detail is the search text or the UPNs
	AuditHandOver      AuditAction = "meeting.hand_over"   // chose to use a colleague's meeting
	AuditEndAccess     AuditAction = "meeting.end_access"  // revoked a person's access to a meeting; detail is that person
	AuditGiveAccess    AuditAction = "meeting.give_access" // restored a person's access to a meeting; detail is that person
	AuditApplication   AuditAction = "meeting.for"         // used the application's token; detail is the purpose
	AuditCreate        AuditAction = "meeting.create"      // tried to create a meeting; detail is the outcome
	AuditUpdate        AuditAction = "meeting.update"      // requested a change; detail is the option, or "" for the meeting itself
	AuditRemove        AuditAction = "meeting.remove"
	AuditRefresh       AuditAction = "meeting.refresh"
	AuditAdopt         AuditAction = "meeting.adopt" // added a meeting created outside the desk
	AuditRetry         AuditAction = "attempt.retry" // retried one of their own attempts
	AuditDismiss       AuditAction = "attempt.dismiss"
	AuditPresetAdd     AuditAction = "preset.add" // for all actions on presets, detail contains the preset before and after the change, as JSON
	AuditPresetChange  AuditAction = "preset.change"
	AuditPresetRemove  AuditAction = "preset.remove"
	AuditNote          AuditAction = "meeting.note"      // added a note to a meeting
	AuditSent          AuditAction = "meeting.sent"      // marked a meeting's invitation as sent
	AuditTakeBack      AuditAction = "meeting.take_back" // withdrew one of their own notes or marks
	AuditImportStart   AuditAction = "import.start"      // started an import; for all actions on imports, detail begins with the import's ID
	AuditImportPause   AuditAction = "import.pause"
	AuditImportResume  AuditAction = "import.resume"
	AuditImportRetry   AuditAction = "import.retry" // retried the rows that failed
	AuditImportCancel  AuditAction = "import.cancel"
	AuditSignIn        AuditAction = "sign_in"         // detail is the person's role
	AuditSignOut       AuditAction = "sign_out"        // a session ended before it expired; detail is the reason, or "" if the person signed out
	AuditImportsRead   AuditAction = "imports.read"    // listed the imports of all users, or viewed another user's import
	AuditPeopleRead    AuditAction = "people.read"     // listed the desk's users; detail is the search text
	AuditEndSessions   AuditAction = "person.sign_out" // an administrator signed a person out; detail is that person, and count is the number of sessions
	AuditRole          AuditAction = "role"            // the provider reported a different role; detail contains both roles
	AuditRefused       AuditAction = "refused"         // sent a request that was refused; detail contains the reason and the route
	AuditAuditRead     AuditAction = "audit.read"      // viewed the audit log; detail contains the filters
	AuditAuditExport   AuditAction = "audit.export"    // like AuditExport, but for the audit log
	AuditAuditEnd      AuditAction = "audit.export_end"
	AuditAuditCut      AuditAction = "audit.export_cut"
	AuditPersonFind    AuditAction = "person.find"   // searched for a person on an administrator's page; detail is the search text
	AuditPersonRead    AuditAction = "person.read"   // viewed the data stored about a person; detail is that person
	AuditPersonExport  AuditAction = "person.export" // like AuditExport, but for the data stored about a person
	AuditPersonEnd     AuditAction = "person.export_end"
	AuditPersonCut     AuditAction = "person.export_cut"
	AuditErase         AuditAction = "person.erase"     // started erasing a person; detail is the replacement name
	AuditErased        AuditAction = "person.erased"    // finished the erasure; count is the number of changed meetings
	AuditPurge         AuditAction = "retention.purge"  // started a purge; detail contains the cutoff dates
	AuditPurged        AuditAction = "retention.purged" // finished the purge; count is the number of removed meetings, and detail contains the number of removed audit entries
	AuditRestored      AuditAction = "restored"         // "meetdesk restore" replaced the database; detail is the file name of the backup, or "" with PostgreSQL
	AuditCheck         AuditAction = "admin.check"      // tested the configuration
	AuditRule          AuditAction = "retention.rule"   // changed the retention periods; detail contains both periods in months
)

// AuditActions returns all actions, in the order in which the audit page lists them.
func AuditActions() []AuditAction {
	return []AuditAction{
		AuditMeetingRead, AuditTicketRead, AuditHistoryRead, AuditDirectoryRead, AuditExport, AuditExportEnd, AuditExportCut,
		AuditCreate, AuditUpdate, AuditRemove, AuditRefresh, AuditAdopt, AuditRetry, AuditDismiss, AuditApplication,
		AuditHandOver, AuditGiveAccess, AuditEndAccess, AuditNote, AuditSent, AuditTakeBack,
		AuditSignIn, AuditSignOut, AuditEndSessions, AuditRole, AuditRefused,
		AuditPresetAdd, AuditPresetChange, AuditPresetRemove,
		AuditImportStart, AuditImportPause, AuditImportResume, AuditImportRetry, AuditImportCancel, AuditImportsRead,
		AuditAuditRead, AuditAuditExport, AuditAuditEnd, AuditAuditCut,
		AuditPeopleRead, AuditPersonFind, AuditPersonRead, AuditPersonExport, AuditPersonEnd, AuditPersonCut, AuditErase, AuditErased, AuditPurge, AuditPurged, AuditRule, AuditRestored, AuditCheck,
	}
}

type auditEntry struct {
	at        time.Time
	userID    int64 // 0 for a request without a session
	action    AuditAction
	meetingID int64 // 0 if the action does not concern a single meeting
	detail    string
	address   string
	count     sql.NullInt64
}

// Audit writes an audit entry. meetingID is 0 if the action does not concern a single
// meeting. The entry is on the disk when Audit returns nil. If Audit returns an error, the
// caller must not show the requested data.
func (s *Store) Audit(ctx context.Context, userID int64, action AuditAction, meetingID int64, detail string) error {
	return unrecorded(ctx, insertAudit(ctx, s.aside, s.now(), userID, action, meetingID, detail))
}

// AuditMeetings is like Audit, but writes the entries for several meetings in one
// transaction.
func (s *Store) AuditMeetings(ctx context.Context, userID int64, action AuditAction, meetingIDs []int64, detail string) error {
	if len(meetingIDs) == 0 {
		return nil
	}
	return unrecorded(ctx, s.engine.transactAside(ctx, func(tx *sql.Tx) error {
		for _, id := range meetingIDs {
			if err := insertAudit(ctx, tx, s.now(), userID, action, id, detail); err != nil {
				return err
			}
		}
		return nil
	}))
}

// unrecorded wraps err in an Unavailable error. If err is nil or the context has ended, it
// returns err unchanged.
func unrecorded(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil {
		return err
	}
	return &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonAuditFailed, Err: err}
}

func insertAudit(ctx context.Context, on execer, at time.Time, userID int64, action AuditAction, meetingID int64, detail string) error {
	return insertEntry(ctx, on, auditEntry{at: at, userID: userID, action: action, meetingID: meetingID, detail: detail, address: addressIn(ctx)})
}

func insertEntry(ctx context.Context, on execer, e auditEntry) error {
	const q = `INSERT INTO audit (at, user_id, action, meeting_id, detail, address, count) VALUES ($1, $2, $3, $4, $5, $6, $7)`
	user, about := sql.NullInt64{Int64: e.userID, Valid: e.userID != 0}, sql.NullInt64{Int64: e.meetingID, Valid: e.meetingID != 0}
	if _, err := on.ExecContext(ctx, q, e.at.UnixMilli(), user, e.action, about, e.detail, compact.ShortAddress(e.address), e.count); err != nil {
		return fmt.Errorf("audit %s: %w", e.action, err)
	}
	return nil
}

type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

type (
	addressKey struct{}
	browserKey struct{}
)

// WithBrowser returns a context for a request from the given browser. A session that
// begins in this context records the browser.
func WithBrowser(ctx context.Context, browser string) context.Context {
	return context.WithValue(ctx, browserKey{}, browser)
}

func browserIn(ctx context.Context) string {
	browser, _ := ctx.Value(browserKey{}).(string)
	return browser
}

// WithAddress returns a context in which the audit log records the given client address.
func WithAddress(ctx context.Context, address netip.Addr) context.Context {
	if !address.IsValid() {
		return ctx
	}
	return context.WithValue(ctx, addressKey{}, address.String())
}

func addressIn(ctx context.Context) string {
	address, _ := ctx.Value(addressKey{}).(string)
	return address
}
