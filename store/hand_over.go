package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"meetdesk/meeting"
)

// HandOver grants the person read access to a colleague's live meeting and records that in
// the audit log. If the meeting is not live or the ticket key is wrong, it returns a
// NotFound error. If another user has revoked the person's access to this meeting or to
// one that it replaced, it returns a Forbidden error.
func (s *Store) HandOver(ctx context.Context, meetingID, userID int64, ticketKey string) error {
	err := s.transact(ctx, func(tx *sql.Tx) error {
		const find = `SELECT 1 FROM meetings WHERE id = $1 AND state = 'live' AND ticket_key = $2 AND $2 <> ''`
		var found int
		err := tx.QueryRowContext(ctx, find, meetingID, ticketKey).Scan(&found)
		if errors.Is(err, sql.ErrNoRows) {
			return &meeting.Error{Code: meeting.NotFound, Key: meeting.ReasonMeetingUnknown, Args: meeting.Args{"ID": meetingID}, Err: err}
		}
		if err != nil {
			return err
		}
		var ended bool
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM meetings m WHERE m.id = $1 AND `+accessEnded+`)`, meetingID, userID).Scan(&ended); err != nil {
			return err
		}
		if ended {
			return &meeting.Error{Code: meeting.Forbidden, Key: meeting.ReasonAccessEnded}
		}
		return s.handOver(ctx, tx, meetingID, userID, 0)
	})
	if err != nil {
		return fmt.Errorf("hand over meeting %d: %w", meetingID, err)
	}
	return nil
}

// accessEnded is an SQL condition that is true if another user revoked user $2's access to
// meeting m or to a meeting that it replaced.
const accessEnded = `EXISTS (SELECT 1 FROM ended_access e JOIN meetings o ON o.id = e.meeting_id
	WHERE e.user_id = $2 AND e.ended_by <> $2 AND (o.id = m.id OR o.organizer_id = m.organizer_id AND o.external_id = m.external_id AND o.state = 'replaced'))`

// EndedFor returns the IDs of the given meetings to which another user revoked the
// person's access.
func (s *Store) EndedFor(ctx context.Context, userID int64, meetings []meeting.TicketMeeting) (ended map[int64]bool, err error) {
	ended = make(map[int64]bool)
	for _, m := range meetings {
		var is bool
		if err := s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM meetings m WHERE m.id = $1 AND `+accessEnded+`)`, m.ID, userID).Scan(&is); err != nil {
			return nil, fmt.Errorf("ended access to meeting %d: %w", m.ID, err)
		}
		if is {
			ended[m.ID] = true
		}
	}
	return ended, nil
}

// handOver grants the person access and records that in the audit log. byID identifies who
// grants the access. It is 0 if the person obtained access through the ticket.
func (s *Store) handOver(ctx context.Context, tx *sql.Tx, meetingID, userID, byID int64) error {
	const (
		add    = `INSERT INTO meeting_people (user_id, meeting_id, relation, created_at, given_by) VALUES ($1, $2, 'handed over', $3, $4) ON CONFLICT DO NOTHING`
		forget = `DELETE FROM ended_access WHERE meeting_id = $1 AND user_id = $2`
	)
	now, by := s.now(), sql.NullInt64{Int64: byID, Valid: byID != 0}
	if _, err := tx.ExecContext(ctx, add, userID, meetingID, now.UnixMilli(), by); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, forget, meetingID, userID); err != nil {
		return err
	}
	actor, action, detail := userID, AuditHandOver, ""
	if byID != 0 {
		var err error
		if detail, err = upnOf(ctx, tx, userID); err != nil {
			return err
		}
		actor, action = byID, AuditGiveAccess
	}
	if err := insertAudit(ctx, tx, now, actor, action, meetingID, detail); err != nil {
		return err
	}
	return s.index.Update(ctx, tx, meetingID)
}

// EndAccess ends a person's access to a meeting that was handed over to them and records
// that in the audit log. If the person has no such access, it does nothing.
func (s *Store) EndAccess(ctx context.Context, meetingID, userID, byID int64) error {
	err := s.transact(ctx, func(tx *sql.Tx) error {
		const (
			end  = `DELETE FROM meeting_people WHERE meeting_id = $1 AND user_id = $2 AND relation = 'handed over'`
			note = `INSERT INTO ended_access (meeting_id, user_id, ended_by, ended_at) VALUES ($1, $2, $3, $4)`
		)
		result, err := tx.ExecContext(ctx, end, meetingID, userID)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return err
		}
		now := s.now()
		if _, err := tx.ExecContext(ctx, note, meetingID, userID, byID, now.UnixMilli()); err != nil {
			return err
		}
		upn, err := upnOf(ctx, tx, userID)
		if err != nil {
			return err
		}
		if err := insertAudit(ctx, tx, now, byID, AuditEndAccess, meetingID, upn); err != nil {
			return err
		}
		return s.index.Update(ctx, tx, meetingID)
	})
	if err != nil {
		return fmt.Errorf("end access to meeting %d: %w", meetingID, err)
	}
	return nil
}

// GiveAccess restores the given people's access to the meeting. It ignores people who are
// not in the Ended or Earlier list that People returns.
func (s *Store) GiveAccess(ctx context.Context, meetingID, byID int64, people []int64) error {
	had, err := s.People(ctx, meetingID)
	if err != nil {
		return err
	}
	err = s.transact(ctx, func(tx *sql.Tx) error {
		for _, h := range append(had.Ended, had.Earlier...) {
			for _, id := range people {
				if h.Person.ID != id {
					continue
				}
				if err := s.handOver(ctx, tx, meetingID, id, byID); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("give access to meeting %d: %w", meetingID, err)
	}
	return nil
}

func upnOf(ctx context.Context, tx *sql.Tx, userID int64) (upn string, err error) {
	err = tx.QueryRowContext(ctx, `SELECT upn FROM users WHERE id = $1`, userID).Scan(&upn)
	return upn, err
}
