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

// AuditAction is what an entry in the audit log records. The values must never change,
// because the database stores them.
type AuditAction string

// The actions that the audit log records.
const (
	AuditMeetingRead   AuditAction = "meeting.read"        // opened somebody else's meeting; detail is the part that was opened, "" for the page
	AuditTicketRead    AuditAction = "ticket.read"         // was shown somebody else's meeting for a ticket; detail is the ticket
	AuditHistoryRead   AuditAction = "history.read"        // listed or searched everybody's meetings
	AuditExport        AuditAction = "history.export"      // began to download a list of meetings as a table
	AuditExportEnd     AuditAction = "history.export_end"  // the download is complete; count is the number of its rows
	AuditExportCut     AuditAction = "history.export_cut"  // the download was cut off; count is the number of rows written by then, excluding those in an unfinished part
	AuditDirectoryRead AuditAction = "directory.read"      // looked people up in the directory; detail is the text that was searched for
	AuditHandOver      AuditAction = "meeting.hand_over"   // chose to use a colleague's meeting
	AuditEndAccess     AuditAction = "meeting.end_access"  // revoked somebody's access to a meeting, or gave up their own; detail is the person who lost access
	AuditGiveAccess    AuditAction = "meeting.give_access" // granted access to a meeting to somebody who had it before; detail is that person
	AuditApplication   AuditAction = "meeting.for"         // used the application's token; detail names the purpose and the organizer
	AuditCreate        AuditAction = "meeting.create"      // tried to create a meeting; detail is the outcome
	AuditUpdate        AuditAction = "meeting.update"      // began a change; detail is the option to change, "" for the meeting itself
	AuditRemove        AuditAction = "meeting.remove"
	AuditRefresh       AuditAction = "meeting.refresh"
	AuditAdopt         AuditAction = "meeting.adopt" // added a meeting that was made outside the desk
	AuditRetry         AuditAction = "attempt.retry" // repeated an attempt of their own
	AuditDismiss       AuditAction = "attempt.dismiss"
	AuditPresetAdd     AuditAction = "preset.add" // for all actions on presets, detail contains the preset before and after the change, as JSON
	AuditPresetChange  AuditAction = "preset.change"
	AuditPresetRemove  AuditAction = "preset.remove"
	AuditNote          AuditAction = "meeting.note"      // added a note to a meeting
	AuditSent          AuditAction = "meeting.sent"      // marked a meeting's invitation as sent
	AuditTakeBack      AuditAction = "meeting.take_back" // took back a note or mark of their own
	AuditImportStart   AuditAction = "import.start"      // started an import; for all actions on imports, detail begins with the import's ID
	AuditImportPause   AuditAction = "import.pause"
	AuditImportResume  AuditAction = "import.resume"
	AuditImportRetry   AuditAction = "import.retry" // retried the rows that failed
	AuditImportCancel  AuditAction = "import.cancel"
	AuditSignIn        AuditAction = "sign_in"         // detail is the person's role
	AuditSignOut       AuditAction = "sign_out"        // a session ended before it expired; detail is the reason, or "" if the person signed out
	AuditImportsRead   AuditAction = "imports.read"    // listed everybody's imports, or opened somebody else's
	AuditPeopleRead    AuditAction = "people.read"     // listed who has used the desk; detail is the text that was searched for
	AuditEndSessions   AuditAction = "person.sign_out" // an administrator signed somebody out; detail is that person, and count is the number of sessions
	AuditRole          AuditAction = "role"            // the provider reported a different role; detail contains both roles
	AuditRefused       AuditAction = "refused"         // sent a request that was refused; detail contains the reason and the route
	AuditAuditRead     AuditAction = "audit.read"      // looked at the audit log; detail contains the filters
	AuditAuditExport   AuditAction = "audit.export"    // the three actions for exports of the audit log correspond to those for the history
	AuditAuditEnd      AuditAction = "audit.export_end"
	AuditAuditCut      AuditAction = "audit.export_cut"
	AuditPersonFind    AuditAction = "person.find"   // searched for a person on an administrator's page; detail is the text that was searched for
	AuditPersonRead    AuditAction = "person.read"   // was shown what is kept about a person; detail is the person
	AuditPersonExport  AuditAction = "person.export" // began to download everything about a person; the next two correspond to those for the history
	AuditPersonEnd     AuditAction = "person.export_end"
	AuditPersonCut     AuditAction = "person.export_cut"
	AuditErase         AuditAction = "person.erase"     // began to erase a person; detail is the name that replaces the person's name
	AuditErased        AuditAction = "person.erased"    // finished the erasure; count is the number of meetings that were changed
	AuditPurge         AuditAction = "retention.purge"  // began a purge; detail contains the dates before which everything is removed
	AuditPurged        AuditAction = "retention.purged" // finished the purge; count is the number of removed meetings, and detail that of entries
	AuditRestored      AuditAction = "restored"         // "meetdesk restore" replaced the database; detail is the file name of the backup
	AuditCheck         AuditAction = "admin.check"      // tested the configuration
	AuditRule          AuditAction = "retention.rule"   // changed how long meetings and audit entries are kept; detail contains both periods in months
)

// AuditActions returns all actions, in the order in which the audit page offers them.
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

// Audit records what the person did or viewed. meetingID is 0 if the action does not
// concern a single meeting. The entry is on the disk when Audit returns nil. After an
// Unavailable error, the caller must not show anything.
func (s *Store) Audit(ctx context.Context, userID int64, action AuditAction, meetingID int64, detail string) error {
	return unrecorded(ctx, insertAudit(ctx, s.aside, s.now(), userID, action, meetingID, detail))
}

// AuditMeetings does what Audit does, but for several meetings in one transaction.
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

// unrecorded returns the error for a view that could not be recorded because of err. If
// err is nil or the context has ended, it returns err unchanged.
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

// browserIn returns the browser of the context's request, or "" if it is unknown.
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

// addressIn returns the client address of the context's request, or "" if there is none.
func addressIn(ctx context.Context) string {
	address, _ := ctx.Value(addressKey{}).(string)
	return address
}
