package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"meetdesk/meeting"
	"meetdesk/store/compact"
)

// Adoption is an existing meeting that its organizer found by its join link.
type Adoption struct {
	Organizer meeting.User
	Reply     meeting.Reply
	Calls     []meeting.Call
}

// Adopt records the meeting and the calls that found it, and returns the ID of the
// meeting's row. It uses the row with the meeting's Graph ID. If there is no such row, it
// uses an unconfirmed row with the meeting's external ID, or inserts a new row. If
// another meeting has replaced this one, Adopt returns a Conflict error.
func (s *Store) Adopt(ctx context.Context, a Adoption) (meetingID int64, err error) {
	r := Result{Reply: &a.Reply, Origin: meeting.Adopted}
	if err := s.packReply(ctx, &r); err != nil {
		return 0, fmt.Errorf("adopt: %w", err)
	}
	err = s.transact(ctx, func(tx *sql.Tx) error {
		if meetingID, err = s.rowToAdopt(ctx, tx, a); err != nil {
			return err
		}
		if err := s.settleCreation(ctx, tx, meetingID, a.Organizer.ID); err != nil {
			return err
		}
		in := Intention{MeetingID: meetingID, Organizer: a.Organizer, Actor: a.Organizer, Mode: meeting.Delegated, Kind: meeting.KindRefresh}
		if err := s.supersede(ctx, tx, in); err != nil {
			return err
		}
		attempt, err := s.insertAttempt(ctx, tx, in)
		if err != nil {
			return err
		}
		if err := insertAudit(ctx, tx, s.now(), a.Organizer.ID, AuditAdopt, meetingID, ""); err != nil {
			return err
		}
		if err := insertCalls(ctx, tx, attempt.ID, a.Calls); err != nil {
			return err
		}
		r.AttemptID = attempt.ID
		row, err := readMeetingRow(ctx, tx, meetingID)
		if err != nil {
			return err
		}
		if _, err := s.record(ctx, tx, r, row); err != nil {
			return err
		}
		if err := s.index.Update(ctx, tx, meetingID); err != nil {
			return err
		}
		const done = `UPDATE attempts SET state = 'done', outcome = $1 WHERE id = $2`
		_, err = tx.ExecContext(ctx, done, meeting.OutcomeAdopted, attempt.ID)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("adopt: %w", err)
	}
	return meetingID, nil
}

// settleCreation supersedes the pending, unfinished and failed attempts to create an
// unconfirmed meeting. It records the organizer as the maker, because no other person's
// attempt created the meeting.
func (s *Store) settleCreation(ctx context.Context, tx *sql.Tx, meetingID, organizerID int64) error {
	const (
		unconfirmed = `SELECT EXISTS (SELECT 1 FROM meetings WHERE id = $1 AND origin IS NULL)`
		settle      = `UPDATE attempts SET state = 'superseded', updated_at = $1
			WHERE meeting_id = $2 AND kind = 'create' AND state IN ('pending', 'unfinished', 'failed')`
	)
	var open bool
	if err := tx.QueryRowContext(ctx, unconfirmed, meetingID).Scan(&open); err != nil || !open {
		return err
	}
	if _, err := tx.ExecContext(ctx, insertLostCalls+` AND meeting_id = $1`, meetingID); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, settle, s.now().UnixMilli(), meetingID); err != nil {
		return err
	}
	return s.setMaker(ctx, tx, meetingID, organizerID)
}

func (s *Store) rowToAdopt(ctx context.Context, tx *sql.Tx, a Adoption) (id int64, err error) {
	var (
		external      = a.Reply.ExternalID // the external ID of the meeting's row
		holder        int64                // the current row with this external ID
		isUnconfirmed bool
	)
	const byGraphID = `SELECT id, coalesce(external_id, '') FROM meetings WHERE organizer_id = $1 AND graph_id IN ($2, $3)`
	err = tx.QueryRowContext(ctx, byGraphID, a.Organizer.ID, a.Reply.GraphID, compact.ShortGraphID(a.Reply.GraphID)).Scan(&id, &external)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	const current = `SELECT id, graph_id IS NULL FROM meetings WHERE organizer_id = $1 AND external_id = $2 AND state NOT IN ('removed', 'replaced')`
	err = tx.QueryRowContext(ctx, current, a.Organizer.ID, external).Scan(&holder, &isUnconfirmed)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	in := Intention{Organizer: a.Organizer, Actor: a.Organizer, Asked: meeting.Asked{ExternalID: a.Reply.ExternalID}}
	switch {
	case id != 0 && holder != 0 && holder != id:
		return 0, &meeting.Error{Code: meeting.Conflict, Key: meeting.ReasonAdoptReplaced}
	case id != 0:
		return id, nil
	case holder != 0 && isUnconfirmed:
		return holder, nil
	case holder != 0:
		in.Asked.ExternalID = "" // because another meeting already has this external ID
	}
	return s.insertMeeting(ctx, tx, in)
}
