package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"meetdesk/meeting"
)

// Intention describes an attempt that Begin records.
type Intention struct {
	MeetingID int64 // 0 means the meeting with the given organizer and external ID, which is created if necessary
	Organizer meeting.User
	Actor     meeting.User
	Mode      meeting.Mode
	Kind      meeting.Kind
	Asked     meeting.Asked
	Minutes   int    // the default length for the person's next form; 0 keeps the current default
	MyZone    bool   // whether to make the meeting's time zone the person's default
	BaseReply int64  // for a change: the ID of the reply on which it is based; 0 for the newest
	FormKey   string // identifies the form, to detect repeated submissions; "" if there is no form
}

// Begun describes the attempt that Begin recorded, or the earlier attempt from the same
// form.
type Begun struct {
	meeting.Attempt
	Repeated bool // whether the form was submitted before; if so, Attempt is the earlier attempt
	First    bool // whether the meeting is new to the desk
	Version  int  // the meeting's version when the attempt began; not set if Repeated is set
}

// Begin records intentions before Graph is called. In one transaction, it writes a pending
// attempt for each intention, the meeting if it is new, and the audit entries. Only the
// entry for the creation of a meeting is written later, by Finish. If a form was submitted
// before, Begin returns the earlier attempt instead. Open refreshes of the meeting and open
// attempts with the same meeting.Concern are marked as superseded.
func (s *Store) Begin(ctx context.Context, intentions ...Intention) (begun []Begun, err error) {
	err = s.transact(ctx, func(tx *sql.Tx) error {
		for _, in := range intentions {
			b, err := s.begin(ctx, tx, in)
			if err != nil {
				return fmt.Errorf("begin %s: %w", in.Kind, err)
			}
			begun = append(begun, b)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i, b := range begun {
		if b.Repeated {
			if begun[i].Attempt, err = s.Attempt(ctx, b.ID); err != nil {
				return nil, err
			}
		}
	}
	return begun, nil
}

// begin records one intention. If its form was submitted before, begin returns only the ID
// of the earlier attempt.
func (s *Store) begin(ctx context.Context, tx *sql.Tx, in Intention) (b Begun, err error) {
	if in.FormKey != "" {
		err := tx.QueryRowContext(ctx, `SELECT id FROM attempts WHERE form_id = $1`, in.FormKey).Scan(&b.ID)
		if !errors.Is(err, sql.ErrNoRows) {
			b.Repeated = true
			return b, err
		}
	}
	if in.MeetingID == 0 {
		in.MeetingID, b.Version, b.First, err = s.meetingToCreate(ctx, tx, in)
	} else {
		err = tx.QueryRowContext(ctx, `SELECT version FROM meetings WHERE id = $1`, in.MeetingID).Scan(&b.Version)
	}
	if err != nil {
		return b, err
	}
	if !b.First {
		if err := s.supersede(ctx, tx, in); err != nil {
			return b, err
		}
	}
	if b.Attempt, err = s.insertAttempt(ctx, tx, in); err != nil {
		return b, err
	}
	return b, auditAttempt(ctx, tx, b.Attempt)
}

// auditAttempt writes the audit entries for an attempt. Only the entry for the creation of
// a meeting is written later, by Finish.
func auditAttempt(ctx context.Context, tx *sql.Tx, a meeting.Attempt) error {
	action, ok := map[meeting.Kind]AuditAction{
		meeting.KindUpdate: AuditUpdate, meeting.KindRemove: AuditRemove, meeting.KindRefresh: AuditRefresh,
	}[a.Kind]
	if ok {
		option, _ := a.Option()
		if err := insertAudit(ctx, tx, a.CreatedAt, a.Actor.ID, action, a.MeetingID, string(option)); err != nil {
			return err
		}
	}
	return auditApplication(ctx, tx, a.CreatedAt, a)
}

func auditApplication(ctx context.Context, tx *sql.Tx, at time.Time, a meeting.Attempt) error {
	if a.Mode != meeting.Application {
		return nil
	}
	detail := string(a.Kind)
	if o, ok := a.Option(); ok {
		detail += " " + string(o)
	}
	return insertAudit(ctx, tx, at, a.Actor.ID, AuditApplication, a.MeetingID, detail)
}

// Sent reports whether the form with the given key was submitted before. If the form
// changes individual options, the keys of its attempts consist of the form's key, a slash
// and the option.
func (s *Store) Sent(ctx context.Context, formKey string) (sent bool, err error) {
	// '0' is the character after '/', so the range contains the keys that begin with the
	// form's key and a slash.
	const q = `SELECT EXISTS (SELECT 1 FROM attempts WHERE $1 <> '' AND (form_id = $1 OR form_id > $1 || '/' AND form_id < $1 || '0'))`
	if err := s.read.QueryRowContext(ctx, q, formKey).Scan(&sent); err != nil {
		return false, fmt.Errorf("form: %w", err)
	}
	return sent, nil
}

// meetingToCreate returns the ID and version of the current row with the given organizer
// and external ID. If there is no such row, it inserts one, and first is true. An
// unconfirmed row gets the values from the new request.
func (s *Store) meetingToCreate(ctx context.Context, tx *sql.Tx, in Intention) (id int64, version int, first bool, err error) {
	const find = `SELECT id, version, state FROM meetings WHERE organizer_id = $1 AND external_id = $2 AND state NOT IN ('removed', 'replaced')`
	var state meeting.State
	err = tx.QueryRowContext(ctx, find, in.Organizer.ID, in.Asked.ExternalID).Scan(&id, &version, &state)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		first = true
		id, err = s.insertMeeting(ctx, tx, in)
	case err == nil && state == meeting.Live:
		return id, version, false, nil
	case err == nil:
		err = s.askAgain(ctx, tx, id, in)
	}
	if err != nil {
		return 0, 0, false, err
	}
	return id, version, first, s.index.Update(ctx, tx, id)
}

func (s *Store) askAgain(ctx context.Context, tx *sql.Tx, id int64, in Intention) error {
	if err := s.setMaker(ctx, tx, id, in.Actor.ID); err != nil {
		return err
	}
	const q = `UPDATE meetings SET state = 'unfinished', subject = $1, start_at = $2, end_at = $3, time_zone = $4, updated_at = $5 WHERE id = $6`
	if _, err := tx.ExecContext(ctx, q, in.Asked.Subject, millis(in.Asked.Start), millis(in.Asked.End), in.Asked.TimeZone, s.now().UnixMilli(), id); err != nil {
		return err
	}
	_, err := s.setAttendees(ctx, tx, id, in.Asked.Attendees)
	return err
}

// nextMeetingID is a subquery that returns the ID for a new meeting. IDs of former
// meetings are not reused, so a URL never refers to a different meeting.
const nextMeetingID = `(SELECT max(n) FROM (SELECT meeting AS n FROM next_ids UNION ALL SELECT max(id) + 1 FROM meetings) AS candidates)`

// insertMeeting inserts a meeting with its attendees and owners. An adopted meeting may
// have no external ID.
func (s *Store) insertMeeting(ctx context.Context, tx *sql.Tx, in Intention) (id int64, err error) {
	const q = `INSERT INTO meetings (id, organizer_id, maker_id, external_id, ticket_key, state, subject, start_at, end_at, time_zone, created_at, updated_at)
		VALUES (` + nextMeetingID + `, $1, $2, nullif($3, ''), nullif($4, ''), 'unfinished', $5, $6, $7, $8, $9, $9) RETURNING id`
	now, asked := s.now(), in.Asked
	err = tx.QueryRowContext(ctx, q, in.Organizer.ID, in.Actor.ID, asked.ExternalID, meeting.TicketKey(asked.ExternalID),
		asked.Subject, millis(asked.Start), millis(asked.End), asked.TimeZone, now.UnixMilli()).Scan(&id)
	if err != nil {
		return 0, err
	}
	if err := s.engine.insertAttendees(ctx, tx, id, asked.Attendees); err != nil {
		return 0, err
	}
	return id, insertOwners(ctx, tx, in, id, now)
}

// insertOwners makes a new meeting visible to its organizer and its maker.
func insertOwners(ctx context.Context, tx *sql.Tx, in Intention, meetingID int64, at time.Time) error {
	q, args := `INSERT INTO meeting_people (user_id, meeting_id, relation, created_at) VALUES ($1, $2, 'organizer', $3)`, []any{in.Organizer.ID, meetingID, at.UnixMilli()}
	if in.Actor.ID != in.Organizer.ID {
		q, args = q+`, ($4, $2, 'maker', $3)`, append(args, in.Actor.ID)
	}
	_, err := tx.ExecContext(ctx, q, args...)
	return err
}

// supersede marks the meeting's open refreshes and its open attempts with the same concern
// as the intention as superseded.
func (s *Store) supersede(ctx context.Context, tx *sql.Tx, in Intention) error {
	concern := meeting.ConcernOf(in.Kind, in.Asked)
	if _, err := tx.ExecContext(ctx, insertLostCalls+` AND meeting_id = $1 AND concern IN ($2, 'look')`, in.MeetingID, concern); err != nil {
		return err
	}
	const q = `UPDATE attempts SET state = 'superseded', updated_at = $1 WHERE meeting_id = $2 AND concern IN ($3, 'look') AND state IN ('pending', 'unfinished')`
	_, err := tx.ExecContext(ctx, q, s.now().UnixMilli(), in.MeetingID, concern)
	return err
}

// insertAttempt inserts a pending attempt. Unless the meeting is new, the caller must call
// supersede first.
func (s *Store) insertAttempt(ctx context.Context, tx *sql.Tx, in Intention) (a meeting.Attempt, err error) {
	asked, packed, err := s.packer.packAsked(in.Asked)
	if err != nil {
		return a, err
	}
	now := s.now()
	a = meeting.Attempt{
		MeetingID: in.MeetingID, Actor: in.Actor, Mode: in.Mode, Kind: in.Kind, Asked: in.Asked,
		State: meeting.AttemptPending, BaseReply: in.BaseReply, CreatedAt: now, UpdatedAt: now,
	}
	if a.BaseReply == 0 && (in.Kind == meeting.KindUpdate || in.Kind == meeting.KindRemove) {
		const newest = `SELECT coalesce(max(id), 0) FROM replies WHERE meeting_id = $1`
		if err := tx.QueryRowContext(ctx, newest, in.MeetingID).Scan(&a.BaseReply); err != nil {
			return a, err
		}
	}
	const q = `INSERT INTO attempts (meeting_id, actor_id, mode, kind, concern, asked, asked_packed, state, base_reply_id, form_id, created_at, updated_at, desk_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12) RETURNING id`
	base := sql.NullInt64{Int64: a.BaseReply, Valid: a.BaseReply != 0}
	form := sql.NullString{String: in.FormKey, Valid: in.FormKey != ""}
	err = tx.QueryRowContext(ctx, q, in.MeetingID, in.Actor.ID, in.Mode, in.Kind, meeting.ConcernOf(in.Kind, in.Asked), asked, packed, a.State, base, form, now.UnixMilli(), s.engine.deskID()).Scan(&a.ID)
	if err != nil {
		return a, err
	}
	return a, rememberDefaults(ctx, tx, in)
}

// rememberDefaults stores the meeting's length as the default for the person's next form.
// It stores the time zone only if the person has none yet or MyZone is set.
func rememberDefaults(ctx context.Context, tx *sql.Tx, in Intention) error {
	if in.Asked.TimeZone == "" {
		return nil
	}
	const q = `UPDATE users SET time_zone = CASE WHEN $4 OR time_zone = '' THEN $1 ELSE time_zone END, duration_minutes = coalesce($2, duration_minutes)
		WHERE id = $3 AND (time_zone = '' OR $4 AND time_zone <> $1 OR duration_minutes <> $2)`
	minutes := sql.NullInt64{Int64: int64(in.Minutes), Valid: in.Minutes != 0}
	_, err := tx.ExecContext(ctx, q, in.Asked.TimeZone, minutes, in.Actor.ID, in.MyZone)
	return err
}
