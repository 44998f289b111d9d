package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"

	"meetdesk/meeting"
	"meetdesk/store"
)

// Default options of a new meeting.
const (
	usualLobby  = "organization"
	usualRecord = "off"
)

// sentForm is what somebody requested with one form.
type sentForm struct{ subject, lobby, record string } // an option is "" if the form did not set it

// attempt is what the database records about one attempt.
type attempt struct{ kind, outcome, subject, lobby, record string }

// readAttempts reads the attempts from the database and adds them to the rows of their
// meetings.
func readAttempts(ctx context.Context, db *sql.DB, rows map[int64]*row) error {
	const q = `SELECT meeting_id, kind, outcome, asked, asked_packed FROM attempts`
	return each(ctx, db, q, func(scan func(...any) error) error {
		var (
			id int64
			a  attempt

			text, packed []byte // the form as plain JSON, and as packed JSON; one of the two is empty
			asked        meeting.Asked
		)
		err := scan(&id, &a.kind, &a.outcome, &text, &packed)
		if err == nil && len(packed) > 0 {
			text, err = store.UnpackAsked(packed)
		}
		if err != nil {
			return err
		}
		if err := json.Unmarshal(text, &asked); err != nil {
			return err
		}
		a.subject, a.lobby, a.record = asked.Subject, asked.Options.Lobby, asked.Options.Record
		if rows[id] != nil { // if the meeting is missing, foreign_key_check reports that
			rows[id].attempts = append(rows[id].attempts, a)
		}
		return nil
	})
}

// optionsOf returns a write for each option in the forms. The end times are zero, because
// no page has confirmed the options.
func optionsOf(forms []sentForm) (lobby, record []*write) {
	for _, f := range forms {
		lobby, record = append(lobby, &write{value: f.lobby}), append(record, &write{value: f.record})
	}
	return lobby, record
}

// creators returns the number of recorded attempts that created the meeting.
func (r *row) creators() (n int) {
	for _, a := range r.attempts {
		if a.kind == "create" && (a.outcome == "created" || a.outcome == "confirmed") {
			n++
		}
	}
	return n
}

// isWhole reports whether the attempts contain either everything that the form requested or
// none of it. An option that is set to its default needs no attempt.
func (f sentForm) isWhole(attempts []attempt) bool {
	begun := slices.ContainsFunc(attempts, func(a attempt) bool {
		created := a.outcome == "created" || a.outcome == "confirmed"
		return a.subject == f.subject && (a.kind == "update" || a.kind == "create" && created)
	})
	has := func(same func(attempt) bool) bool {
		return slices.ContainsFunc(attempts, func(a attempt) bool { return a.kind == "update" && same(a) })
	}
	lobby := f.lobby == "" || f.lobby == usualLobby || has(func(a attempt) bool { return a.lobby == f.lobby })
	record := f.record == "" || f.record == usualRecord || has(func(a attempt) bool { return a.record == f.record })
	return !begun || lobby && record
}
