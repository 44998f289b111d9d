package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"meetdesk/meeting"
	"meetdesk/store/compact"
)

// Result describes how an attempt ended.
type Result struct {
	AttemptID int64
	State     meeting.AttemptState
	Outcome   meeting.Outcome // set if the attempt is done
	Reason    meeting.Reason  // set if the attempt failed or is unfinished
	Version   int             // the meeting's version before the calls; if it has changed since, Reply is out of date
	Calls     []meeting.Call  // the calls that were made
	Reply     *meeting.Reply  // Graph's response; nil if there was none
	Origin    meeting.Origin  // the origin to record when Graph first confirms the meeting
	TimeZone  string          // the new display time zone of the meeting; "" keeps the current one
	Next      []meeting.Asked // the changes to make next, which are recorded as pending attempts in the same transaction

	packed []byte // the reply in its stored form
	asked  []byte // the JSON of the attempt's request, which is needed to unpack packed; may be nil
}

// Finish records the outcome of an attempt, Graph's reply and the meeting's current state
// in one transaction. It returns the ID of the meeting that the reply is about. If the
// attempt creates a meeting, Finish also writes the audit entry. Only then is the meeting's
// ID known, because Graph may return a meeting that is already recorded.
//
// Finish does not record the reply if the meeting has changed since the attempt's calls
// began.
func (s *Store) Finish(ctx context.Context, r Result) (meetingID int64, err error) {
	if err := s.packReply(ctx, &r); err != nil {
		return 0, fmt.Errorf("finish attempt %d: %w", r.AttemptID, err)
	}
	err = s.transact(ctx, func(tx *sql.Tx) error {
		var (
			kind   meeting.Kind
			next   = Intention{Kind: meeting.KindUpdate} // has the attempt's actor and mode
			text   string
			packed []byte
		)
		const find = `SELECT meeting_id, kind, actor_id, mode, asked, asked_packed FROM attempts WHERE id = $1`
		if err := tx.QueryRowContext(ctx, find, r.AttemptID).Scan(&meetingID, &kind, &next.Actor.ID, &next.Mode, &text, &packed); err != nil {
			return err
		}
		if err := insertCalls(ctx, tx, r.AttemptID, r.Calls); err != nil {
			return err
		}
		if r.Reply != nil {
			if err := s.packAgain(&r, text, packed); err != nil {
				return err
			}
			if meetingID, err = s.recordAndIndex(ctx, tx, r, meetingID); err != nil {
				return err
			}
		} else if err := s.settleMeeting(ctx, tx, meetingID, r.AttemptID, kind, r.State); err != nil {
			return err
		}
		// A retry of a failed attempt is based on the attempt's last reply, because that is
		// what the person now sees.
		const q = `UPDATE attempts SET state = $1, outcome = $2, reason = $3, updated_at = $4,
			base_reply_id = CASE WHEN $1 = 'failed' THEN coalesce((SELECT max(id) FROM replies WHERE attempt_id = $5), base_reply_id) ELSE base_reply_id END
			WHERE id = $5`
		if _, err := tx.ExecContext(ctx, q, r.State, r.Outcome, r.Reason, s.now().UnixMilli(), r.AttemptID); err != nil {
			return err
		}
		if kind == meeting.KindCreate {
			if err := insertAudit(ctx, tx, s.now(), next.Actor.ID, AuditCreate, meetingID, cmp.Or(string(r.Outcome), string(r.State))); err != nil {
				return err
			}
		}
		next.MeetingID = meetingID
		return s.insertNext(ctx, tx, r, next)
	})
	if err != nil {
		return 0, fmt.Errorf("finish attempt %d: %w", r.AttemptID, err)
	}
	return meetingID, nil
}

// insertNext inserts pending attempts for r.Next in the transaction that records the
// outcome, so a crash cannot lose them. The caller must set the fields of the intention
// other than Asked.
func (s *Store) insertNext(ctx context.Context, tx *sql.Tx, r Result, in Intention) error {
	for _, in.Asked = range r.Next {
		if err := s.supersede(ctx, tx, in); err != nil {
			return err
		}
		a, err := s.insertAttempt(ctx, tx, in)
		if err != nil {
			return err
		}
		if err := auditApplication(ctx, tx, a.CreatedAt, a); err != nil {
			return err
		}
	}
	return nil
}

func insertCalls(ctx context.Context, tx *sql.Tx, attemptID int64, calls []meeting.Call) error {
	for _, c := range calls {
		row := append(columns{{"attempt_id", attemptID}}, callFields(&c)...)
		if _, err := tx.ExecContext(ctx, row.insertInto("calls"), values(row)...); err != nil {
			return err
		}
	}
	return nil
}

// settleMeeting updates a meeting for which Graph returned nothing. An unconfirmed
// meeting takes on the state of the attempt to create it. After a successful removal, the
// meeting is marked as removed.
func (s *Store) settleMeeting(ctx context.Context, tx *sql.Tx, meetingID, attemptID int64, kind meeting.Kind, state meeting.AttemptState) (err error) {
	const (
		unconfirmed = `UPDATE meetings SET state = $1, updated_at = $2 WHERE id = $3 AND state IN ('unfinished', 'failed')`
		removed     = `UPDATE meetings SET state = 'removed', version = version + 1, updated_at = $1 WHERE id = $2 AND state = 'live'`
	)
	switch now := s.now().UnixMilli(); {
	case kind == meeting.KindCreate:
		_, err = tx.ExecContext(ctx, unconfirmed, state, now, meetingID)
	case kind == meeting.KindRemove && state == meeting.AttemptDone:
		if err = s.settleOthers(ctx, tx, meetingID, attemptID); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, removed, now, meetingID)
	}
	return err
}

// settleOthers supersedes the other open attempts of a meeting that the given attempt
// removed or replaced, because they can no longer be repeated.
func (s *Store) settleOthers(ctx context.Context, tx *sql.Tx, meetingID, attemptID int64) error {
	const q = `UPDATE attempts SET state = 'superseded', updated_at = $1 WHERE meeting_id = $2 AND id <> $3 AND state IN ('pending', 'unfinished', 'failed')`
	if _, err := tx.ExecContext(ctx, insertLostCalls+` AND meeting_id = $1 AND id <> $2`, meetingID, attemptID); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, q, s.now().UnixMilli(), meetingID, attemptID)
	return err
}

// setAttendees replaces the meeting's attendees and reports whether they have changed. If
// they have not, it writes nothing.
func (s *Store) setAttendees(ctx context.Context, tx *sql.Tx, meetingID int64, attendees []meeting.Attendee) (changed bool, err error) {
	before, err := attendeesOf(ctx, tx, meetingID)
	if err != nil || slices.Equal(before, attendees) {
		return false, err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM attendees WHERE meeting_id = $1`, meetingID); err != nil {
		return false, err
	}
	return true, s.engine.insertAttendees(ctx, tx, meetingID, attendees)
}

// StoredObjectID returns the stored form of the attendee's object ID. If the attendee has
// no address, exports show the object ID, so it is not shortened.
func StoredObjectID(a meeting.Attendee) string {
	short := compact.ShortGUID(a.ObjectID)
	if a.UPN == "" && len(short) < len(a.ObjectID) {
		return a.ObjectID
	}
	return short
}
