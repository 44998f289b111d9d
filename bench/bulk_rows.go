package main

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/compact"
)

type writer struct {
	ctx        context.Context
	tx         *sql.Tx
	statements map[string]*sql.Stmt // prepared statements by table name
	packer     *store.ReplyPacker
}

type column struct {
	name  string
	value any
}

// insert adds a row to the table and returns the row's key. All calls for a table must pass
// the same columns, because they share a prepared statement.
func (w writer) insert(table string, row ...column) (id int64, err error) {
	statement, err := w.prepared(table, func() string {
		names, places := make([]string, len(row)), make([]string, len(row))
		for i := range row {
			names[i], places[i] = row[i].name, fmt.Sprintf("$%d", i+1)
		}
		return "INSERT INTO " + table + " (" + strings.Join(names, ", ") + ") VALUES (" + strings.Join(places, ", ") + ")"
	})
	if err != nil {
		return 0, err
	}
	values := make([]any, len(row))
	for i := range row {
		values[i] = row[i].value
	}
	result, err := statement.ExecContext(w.ctx, values...)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", table, err)
	}
	return result.LastInsertId()
}

func (w writer) prepared(table string, text func() string) (statement *sql.Stmt, err error) {
	if statement, ok := w.statements[table]; ok {
		return statement, nil
	}
	if statement, err = w.tx.PrepareContext(w.ctx, text()); err == nil {
		w.statements[table] = statement
	}
	return statement, err
}

// record writes the rows of one meeting. It does not update the full-text index.
func (w writer) record(r recorded) (meetingID int64, err error) {
	if meetingID, err = w.insert("meetings", meetingRow(r)...); err != nil {
		return 0, err
	}
	var asked []byte
	plain, err := json.Marshal(r.Asked)
	if err == nil {
		asked, err = w.packer.PackAsked(plain)
	}
	if err != nil {
		return 0, err
	}
	attemptID, err := w.insert("attempts", column{"meeting_id", meetingID}, column{"actor_id", r.Actor.ID}, column{"mode", r.Mode}, column{"kind", r.Kind},
		column{"concern", meeting.ConcernOf(r.Kind, r.Asked)}, column{"asked", ""}, column{"asked_packed", asked}, column{"state", r.State}, column{"outcome", r.Outcome},
		column{"reason", r.Reason}, column{"form_id", orNull(r.FormKey)}, column{"created_at", r.BegunAt.UnixMilli()}, column{"updated_at", r.EndedAt.UnixMilli()})
	if err == nil && r.Mode == meeting.Application {
		err = w.audit(r.Actor.ID, r.BegunAt, store.AuditApplication, meetingID, string(r.Kind))
	}
	if err != nil {
		return 0, err
	}
	attendees := r.Asked.Attendees
	if r.Reply != nil {
		attendees = r.Reply.Attendees
		var packed []byte
		if packed, err = w.packer.Pack(r.Reply.Raw, plain); err != nil {
			return 0, err
		}
		_, err = w.insert("replies", column{"meeting_id", meetingID}, column{"attempt_id", attemptID}, column{"at", r.EndedAt.UnixMilli()},
			column{"created", r.Reply.Created}, column{"body", ""}, column{"packed", packed})
	}
	if r.Kind == meeting.KindCreate {
		err = errors.Join(err, w.audit(r.Actor.ID, r.EndedAt, store.AuditCreate, meetingID, cmp.Or(string(r.Outcome), string(r.State))))
	}
	return meetingID, errors.Join(err, w.calls(r, attemptID), w.attendees(attendees, meetingID), w.people(r, meetingID), w.remember(r))
}

func (w writer) audit(userID int64, at time.Time, action store.AuditAction, meetingID int64, detail string) error {
	_, err := w.insert("audit", column{"at", at.UnixMilli()}, column{"user_id", userID}, column{"action", action}, column{"meeting_id", meetingID}, column{"detail", detail})
	return err
}

// meetingRow returns the row for a meeting. Its values come from Graph's reply or, if there
// is no reply, from the request.
func meetingRow(r recorded) []column {
	d, state, version := meeting.Details{Subject: r.Asked.Subject, Start: r.Asked.Start, End: r.Asked.End}, meeting.State(r.State), 0
	external := r.Asked.ExternalID
	if r.Reply != nil {
		d, state, version = r.Reply.Details, meeting.Live, 1
		compact.Shorten(r.Organizer, &d)
		if r.Origin == meeting.Adopted {
			external = d.ExternalID
		}
	}
	if r.Later == meeting.Removed {
		version++
	}
	return []column{
		{"organizer_id", r.Organizer.ID}, {"maker_id", r.Actor.ID},
		{"external_id", orNull(external)}, {"ticket_key", orNull(meeting.TicketKey(external))},
		{"state", cmp.Or(r.Later, state)}, {"origin", orNull(string(r.Origin))}, {"time_zone", cmp.Or(r.TimeZone, r.Asked.TimeZone)},
		{"version", version}, {"created_at", r.BegunAt.UnixMilli()}, {"updated_at", r.EndedAt.UnixMilli()},
		{"graph_id", orNull(d.GraphID)}, {"subject", d.Subject}, {"start_at", millis(d.Start)}, {"end_at", millis(d.End)},
		{"join_url", d.JoinURL}, {"join_meeting_id", d.JoinMeetingID}, {"passcode", d.Passcode}, {"conference_id", d.ConferenceID},
		{"toll_number", d.TollNumber}, {"toll_free_number", d.TollFreeNumber},
		{"more_tolls", strings.Join(d.MoreTolls, "\n")}, {"more_toll_frees", strings.Join(d.MoreTollFrees, "\n")}, {"dial_in_url", d.DialInURL},
		{"thread_id", d.ThreadID}, {"video_id", d.VideoID}, {"options_url", d.OptionsURL},
		{"allowed_presenters", d.Options.Presenters}, {"lobby_scope", d.Options.Lobby}, {"announce", d.Options.Announce}, {"record", d.Options.Record},
		{"graph_created_at", millis(d.GraphCreated)}, {"expires_at", millis(d.Expires)},
	}
}

func (w writer) calls(r recorded, attemptID int64) error {
	for _, c := range r.Calls {
		_, err := w.insert("calls", column{"attempt_id", attemptID}, column{"method", c.Method}, column{"client_request_id", compact.ShortGUID(c.ClientRequestID)},
			column{"request_id", compact.ShortGUID(c.RequestID)}, column{"status", c.Status}, column{"code", c.Code}, column{"message", c.Message}, column{"date", storedDate(c)},
			column{"unsure", c.Unsure}, column{"claims", c.Claims}, column{"started_at", c.StartedAt.UnixMilli()},
			column{"duration_us", c.Duration.Microseconds()}, column{"retry_at", millis(c.RetryAt)})
		if err != nil {
			return err
		}
	}
	return nil
}

// storedDate returns the call's date in the store's format: the difference in seconds from
// the start of the call. In generated calls, the difference is always 0.
func storedDate(c meeting.Call) string {
	if c.Date == "" {
		return ""
	}
	return "+0"
}

func (w writer) attendees(list []meeting.Attendee, meetingID int64) error {
	for i, a := range list {
		_, err := w.insert("attendees", column{"meeting_id", meetingID}, column{"position", i}, column{"upn", a.UPN}, column{"object_id", store.StoredObjectID(a)},
			column{"name", a.Name}, column{"role", a.Role}, column{"identity", a.Identity})
		if err != nil {
			return err
		}
	}
	return nil
}

// people writes one row for each person related to the meeting: the organizer, the maker,
// and everyone to whom the meeting was handed over. It also writes an audit entry for each
// hand-over.
func (w writer) people(r recorded, meetingID int64) error {
	related := make(map[int64]bool)
	add := func(userID int64, relation string, at time.Time) (err error) {
		if !related[userID] {
			related[userID] = true
			_, err = w.insert("meeting_people", column{"user_id", userID}, column{"meeting_id", meetingID}, column{"relation", relation}, column{"created_at", at.UnixMilli()})
		}
		return err
	}
	err := errors.Join(add(r.Organizer.ID, "organizer", r.BegunAt), add(r.Actor.ID, "maker", r.BegunAt))
	for _, u := range r.HandedOver {
		err = errors.Join(err, add(u.ID, "handed over", r.EndedAt), w.audit(u.ID, r.EndedAt, store.AuditHandOver, meetingID, ""))
	}
	return err
}

// remember stores the meeting's length as the person's default length. It also stores the
// meeting's time zone unless the person already has a time zone.
func (w writer) remember(r recorded) error {
	if r.Asked.TimeZone == "" {
		return nil
	}
	const q = `UPDATE users SET time_zone = CASE WHEN time_zone = '' THEN $1 ELSE time_zone END, duration_minutes = coalesce(nullif($2, 0), duration_minutes)
		WHERE id = $3 AND (time_zone = '' OR $2 NOT IN (0, duration_minutes))`
	update, err := w.prepared("users", func() string { return q })
	if err == nil {
		_, err = update.ExecContext(w.ctx, r.Asked.TimeZone, r.Minutes, r.Actor.ID)
	}
	return err
}

func millis(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}
