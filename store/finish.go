package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"meetdesk/meeting"
	"meetdesk/search"
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
	TimeZone  string          // the time zone in which to show the meeting from now on; "" keeps the current one
	Next      []meeting.Asked // the changes to make next; a pending attempt for each of them is recorded in the same transaction as this result

	packed []byte // the reply in the form in which it is stored
	asked  []byte // the part of the reply that packed leaves out because the attempt stores it; nil for none
}

// Finish records the outcome of an attempt, Graph's reply and the meeting's current state
// in one transaction. It returns the ID of the meeting that the reply is about. Graph may
// return another meeting than the attempt's, so the audit entry about a create is written
// here.
//
// If the meeting has changed since the attempt's calls began, the reply is out of date.
// Finish does not record such a reply.
func (s *Store) Finish(ctx context.Context, r Result) (meetingID int64, err error) {
	if err := s.packReply(ctx, &r); err != nil {
		return 0, fmt.Errorf("finish attempt %d: %w", r.AttemptID, err)
	}
	err = s.transact(ctx, func(tx *sql.Tx) error {
		var (
			kind  meeting.Kind
			actor int64
		)
		const find = `SELECT meeting_id, kind, actor_id FROM attempts WHERE id = $1`
		if err := tx.QueryRowContext(ctx, find, r.AttemptID).Scan(&meetingID, &kind, &actor); err != nil {
			return err
		}
		if err := insertCalls(ctx, tx, r.AttemptID, r.Calls); err != nil {
			return err
		}
		if r.Reply != nil {
			if err := s.packAgain(ctx, tx, &r); err != nil {
				return err
			}
			if meetingID, err = s.recordAndIndex(ctx, tx, r, meetingID); err != nil {
				return err
			}
		} else if err := s.settleMeeting(ctx, tx, meetingID, kind, r.State); err != nil {
			return err
		}
		// If the attempt failed, the person now sees this reply. A retry is therefore
		// based on it.
		const q = `UPDATE attempts SET state = $1, outcome = $2, reason = $3, updated_at = $4,
			base_reply_id = CASE WHEN $1 = 'failed' THEN coalesce((SELECT max(id) FROM replies WHERE attempt_id = $5), base_reply_id) ELSE base_reply_id END
			WHERE id = $5`
		if _, err := tx.ExecContext(ctx, q, r.State, r.Outcome, r.Reason, s.now().UnixMilli(), r.AttemptID); err != nil {
			return err
		}
		if kind == meeting.KindCreate {
			if err := insertAudit(ctx, tx, s.now(), actor, AuditCreate, meetingID, cmp.Or(string(r.Outcome), string(r.State))); err != nil {
				return err
			}
		}
		return s.insertNext(ctx, tx, r, meetingID)
	})
	if err != nil {
		return 0, fmt.Errorf("finish attempt %d: %w", r.AttemptID, err)
	}
	return meetingID, nil
}

// insertNext inserts the attempts to make next, in the transaction that records the
// outcome, so that a crash cannot lose them.
func (s *Store) insertNext(ctx context.Context, tx *sql.Tx, r Result, meetingID int64) error {
	in := Intention{MeetingID: meetingID, Kind: meeting.KindUpdate}
	const q = `SELECT actor_id, mode FROM attempts WHERE id = $1`
	if err := tx.QueryRowContext(ctx, q, r.AttemptID).Scan(&in.Actor.ID, &in.Mode); err != nil {
		return err
	}
	for _, in.Asked = range r.Next {
		if _, err := s.insertAttempt(ctx, tx, in); err != nil {
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
// meeting takes on the state of the attempt to create it. A successful removal makes the
// meeting removed.
func (s *Store) settleMeeting(ctx context.Context, tx *sql.Tx, meetingID int64, kind meeting.Kind, state meeting.AttemptState) (err error) {
	const (
		unconfirmed = `UPDATE meetings SET state = $1, updated_at = $2 WHERE id = $3 AND state IN ('unfinished', 'failed')`
		removed     = `UPDATE meetings SET state = 'removed', version = version + 1, updated_at = $1 WHERE id = $2 AND state = 'live'`
		settled     = `UPDATE attempts SET state = 'superseded', updated_at = $1 WHERE meeting_id = $2 AND state IN ('pending', 'unfinished', 'failed')`
	)
	switch now := s.now().UnixMilli(); {
	case kind == meeting.KindCreate:
		_, err = tx.ExecContext(ctx, unconfirmed, state, now, meetingID)
	case kind == meeting.KindRemove && state == meeting.AttemptDone:
		// Once the meeting is removed, no other attempt on it can be repeated.
		if _, err = tx.ExecContext(ctx, insertLostCalls+` AND meeting_id = $1 AND kind <> 'remove'`, meetingID); err != nil {
			return err
		}
		if _, err = tx.ExecContext(ctx, settled, now, meetingID); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, removed, now, meetingID)
	}
	return err
}

// recordAndIndex records the reply and returns its meeting. It updates the full-text
// index only if the text changed, because most replies just repeat what was asked for.
func (s *Store) recordAndIndex(ctx context.Context, tx *sql.Tx, r Result, asked int64) (meetingID int64, err error) {
	before, err := s.index.Read(ctx, tx, asked)
	if err != nil {
		return 0, err
	}
	if meetingID, err = s.attach(ctx, tx, r, asked); err != nil {
		return 0, err
	}
	if old, err := isOutOfDate(ctx, tx, r, asked, meetingID); err != nil || old {
		return meetingID, err
	}
	if err := s.record(ctx, tx, r, meetingID); err != nil {
		return 0, err
	}
	after, err := s.index.Read(ctx, tx, meetingID)
	if err != nil || after == before {
		return meetingID, err
	}
	return meetingID, s.index.Write(ctx, tx, after)
}

// isOutOfDate reports whether the meeting has changed since the attempt called Graph. The
// versions show that for asked, the attempt's meeting. For any other meeting, the times
// are compared.
func isOutOfDate(ctx context.Context, tx *sql.Tx, r Result, asked, meetingID int64) (old bool, err error) {
	const (
		byVersion = `SELECT version > $1 FROM meetings WHERE id = $2`
		byTime    = `SELECT m.version > 0 AND m.updated_at > a.updated_at FROM meetings m, attempts a WHERE a.id = $1 AND m.id = $2`
	)
	if meetingID == asked {
		err = tx.QueryRowContext(ctx, byVersion, r.Version, meetingID).Scan(&old)
	} else {
		err = tx.QueryRowContext(ctx, byTime, r.AttemptID, meetingID).Scan(&old)
	}
	return old, err
}

// record inserts the reply and updates the meeting with its values. The caller must
// update the full-text index.
func (s *Store) record(ctx context.Context, tx *sql.Tx, r Result, meetingID int64) error {
	now, d := s.now(), search.WithLinkIDs(r.Reply.Details)
	if err := insertReply(ctx, tx, r, meetingID, now); err != nil {
		return err
	}
	var organizer meeting.User
	const find = `SELECT u.tid, u.oid FROM meetings m JOIN users u ON u.id = m.organizer_id WHERE m.id = $1`
	if err := tx.QueryRowContext(ctx, find, meetingID).Scan(&organizer.TenantID, &organizer.ObjectID); err != nil {
		return err
	}
	compact.Shorten(organizer, &d)
	fields := graphFields(&d)
	q := `UPDATE meetings SET state = 'live', origin = coalesce(origin, nullif($1, '')), time_zone = coalesce(nullif($2, ''), time_zone),
		version = version + 1, updated_at = $3, ` + fields.assignments(5) + ` WHERE id = $4`
	_, err := tx.ExecContext(ctx, q, append([]any{r.Origin, r.TimeZone, now.UnixMilli(), meetingID}, values(fields)...)...)
	if err != nil {
		return err
	}
	return setAttendees(ctx, tx, meetingID, d.Attendees)
}

// insertReply stores Graph's reply about the meeting.
func insertReply(ctx context.Context, tx *sql.Tx, r Result, meetingID int64, at time.Time) error {
	const q = `INSERT INTO replies (meeting_id, attempt_id, at, created, body, packed) VALUES ($1, $2, $3, $4, '', $5)`
	_, err := tx.ExecContext(ctx, q, meetingID, r.AttemptID, at.UnixMilli(), r.Reply.Created, r.packed)
	return err
}

// setAttendees replaces the meeting's attendees. It writes nothing if they have not
// changed, which is the usual case.
func setAttendees(ctx context.Context, tx *sql.Tx, meetingID int64, attendees []meeting.Attendee) error {
	before, err := attendeesOf(ctx, tx, meetingID)
	if err != nil || slices.Equal(before, attendees) {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM attendees WHERE meeting_id = $1`, meetingID); err != nil {
		return err
	}
	return insertAttendees(ctx, tx, meetingID, attendees)
}

func insertAttendees(ctx context.Context, tx *sql.Tx, meetingID int64, attendees []meeting.Attendee) error {
	const q = `INSERT INTO attendees (meeting_id, position, upn, object_id, name, role, identity) VALUES ($1, $2, $3, $4, $5, $6, $7)`
	for i, a := range attendees {
		if _, err := tx.ExecContext(ctx, q, meetingID, i, a.UPN, StoredObjectID(a), a.Name, a.Role, a.Identity); err != nil {
			return err
		}
	}
	return nil
}

// StoredObjectID returns the stored form of the attendee's object ID. It is not shortened
// for an attendee without an address, because exports show it then.
func StoredObjectID(a meeting.Attendee) string {
	short := compact.ShortGUID(a.ObjectID)
	if a.UPN == "" && len(short) < len(a.ObjectID) {
		return a.ObjectID
	}
	return short
}
