package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"meetdesk/meeting"
)

// Recorded is a meeting that the desk has no row of, with the attempt that made
// it, over and done with: what Begin and Finish write down one after the other.
type Recorded struct {
	Intention // MeetingID and BaseReply do not count
	Result    // AttemptID does not count; a reply's Graph ID must be new to the desk

	BegunAt    time.Time
	EndedAt    time.Time
	HandedOver []meeting.User // colleagues who chose the meeting for use when it had ended
	Gone       meeting.State  // Removed or Replaced for one that is no more; how that came about is not recorded
}

// RecordAll writes down many meetings in one transaction, in that order: all of
// them or none. Many thousands at a time are quickest, with a cache to match: see
// Options. BegunAt must not fall from one to the next: lists take the order of IDs
// for that of time. When all is recorded, MergeWholeIndex is due.
func (s *Store) RecordAll(ctx context.Context, list []Recorded) error {
	if len(list) == 0 {
		return nil
	}
	err := s.transact(ctx, func(tx *sql.Tx) error {
		var first, last int64
		uncut := context.WithoutCancel(ctx) // the driver takes a goroutine for each statement that could be cut off
		for i, r := range list {
			id, err := recordOne(uncut, tx, r)
			if err = cmp.Or(err, ctx.Err()); err != nil {
				return fmt.Errorf("meeting %d of them: %w", i+1, err)
			}
			if last = id; first == 0 {
				first = id
			}
		}
		_, err := tx.ExecContext(uncut, indexNew, first, last) // nobody else writes meanwhile
		return err
	})
	if err != nil {
		return fmt.Errorf("record %d meetings: %w", len(list), err)
	}
	return nil
}

// recordOne writes everything but the index.
func recordOne(ctx context.Context, tx *sql.Tx, r Recorded) (meetingID int64, err error) {
	if meetingID, err = insertRecorded(ctx, tx, r); err != nil {
		return 0, err
	}
	attemptID, err := insertEnded(ctx, tx, r, meetingID)
	if err != nil {
		return 0, err
	}
	if err := insertCalls(ctx, tx, attemptID, r.Calls); err != nil {
		return 0, err
	}
	attendees := r.Asked.Attendees
	if r.Reply != nil {
		attendees = r.Reply.Attendees
		if err := keepReply(ctx, tx, *r.Reply, meetingID, attemptID, r.EndedAt); err != nil {
			return 0, err
		}
	}
	if err := insertAttendees(ctx, tx, meetingID, attendees); err != nil {
		return 0, err
	}
	return meetingID, insertPeople(ctx, tx, r, meetingID)
}

// insertRecorded makes the meeting's row: what Graph said, or what was asked
// where it said nothing.
func insertRecorded(ctx context.Context, tx *sql.Tx, r Recorded) (id int64, err error) {
	const q = `INSERT INTO meetings (organizer_id, maker_id, external_id, ticket_key, state, origin, graph_id, subject, start_at, end_at,
		time_zone, join_url, join_meeting_id, passcode, conference_id, toll_number, toll_free_number, dial_in_url,
		thread_id, video_id, options_url, allowed_presenters, lobby_scope, announce, record,
		graph_created_at, expires_at, version, created_at, updated_at)
		VALUES ($1, $2, nullif($3, ''), nullif($4, ''), $5, nullif($6, ''), nullif($7, ''), $8, $9, $10,
		coalesce(nullif($11, ''), $12), $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31)`
	d, state, version := meeting.Details{Subject: r.Asked.Subject, Start: r.Asked.Start, End: r.Asked.End}, meeting.State(r.State), 0
	external := r.Asked.ExternalID
	if r.Reply != nil {
		d, state, version = r.Reply.Details, meeting.Live, 1
		if r.Origin == meeting.Adopted {
			external = d.ExternalID
		}
	}
	if r.Gone != "" {
		state = r.Gone
	}
	if r.Gone == meeting.Removed {
		version++
	}
	result, err := tx.ExecContext(ctx, q, r.Organizer.ID, r.Actor.ID, external, meeting.TicketKey(external), state, r.Origin, d.GraphID,
		d.Subject, millis(d.Start), millis(d.End), r.TimeZone, r.Asked.TimeZone,
		d.JoinURL, d.JoinMeetingID, d.Passcode, d.ConferenceID, d.TollNumber, d.TollFreeNumber, d.DialInURL,
		d.ThreadID, d.VideoID, d.OptionsURL, d.Options.Presenters, d.Options.Lobby, d.Options.Announce, d.Options.Record,
		millis(d.GraphCreated), millis(d.Expires), version, r.BegunAt.UnixMilli(), r.EndedAt.UnixMilli())
	if err != nil {
		return 0, err
	}
	return result.LastInsertId()
}

// insertEnded makes the attempt's row with its outcome.
func insertEnded(ctx context.Context, tx *sql.Tx, r Recorded, meetingID int64) (id int64, err error) {
	const q = `INSERT INTO attempts (meeting_id, actor_id, mode, kind, concern, asked, state, outcome, reason, form_id, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, nullif($10, ''), $11, $12)`
	asked, err := json.Marshal(r.Asked)
	if err != nil {
		return 0, err
	}
	result, err := tx.ExecContext(ctx, q, meetingID, r.Actor.ID, r.Mode, r.Kind, meeting.ConcernOf(r.Kind, r.Asked), string(asked),
		r.State, r.Outcome, r.Reason, r.FormKey, r.BegunAt.UnixMilli(), r.EndedAt.UnixMilli())
	if err != nil {
		return 0, err
	}
	if err := remember(ctx, tx, r.Intention); err != nil {
		return 0, err
	}
	return result.LastInsertId()
}

// insertPeople notes who may see the meeting.
func insertPeople(ctx context.Context, tx *sql.Tx, r Recorded, meetingID int64) error {
	if err := insertOwners(ctx, tx, r.Intention, meetingID, r.BegunAt); err != nil {
		return err
	}
	for _, u := range r.HandedOver {
		if err := handOver(ctx, tx, meetingID, u.ID, r.EndedAt); err != nil {
			return err
		}
	}
	return nil
}
