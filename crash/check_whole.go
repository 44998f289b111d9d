package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"

	"meetdesk/meeting"
	"meetdesk/store"
)

// attempt is a row of the attempts table.
type attempt struct {
	kind, outcome string
	asked         meeting.Asked
}

func readAttempts(ctx context.Context, db *sql.DB, rows map[int64]*row) error {
	const q = `SELECT meeting_id, kind, outcome, asked, asked_packed FROM attempts`
	return each(ctx, db, q, func(scan func(...any) error) error {
		var (
			id int64
			a  attempt

			text, packed []byte // the form as plain or packed JSON; one of the two is empty
		)
		err := scan(&id, &a.kind, &a.outcome, &text, &packed)
		if err == nil && len(packed) > 0 {
			text, err = store.UnpackAsked(packed)
		}
		if err != nil {
			return err
		}
		if err := json.Unmarshal(text, &a.asked); err != nil {
			return err
		}
		if rows[id] != nil { // foreign_key_check reports rows whose meeting is missing
			rows[id].attempts = append(rows[id].attempts, a)
		}
		return nil
	})
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
func (f *sentForm) isWhole(attempts []attempt) bool {
	begun := slices.ContainsFunc(attempts, func(a attempt) bool {
		created := a.outcome == "created" || a.outcome == "confirmed"
		return a.asked.Subject == f.wants[subject] && (a.kind == "update" || a.kind == "create" && created)
	})
	for o, value := range usual {
		has := slices.ContainsFunc(attempts, func(a attempt) bool {
			return a.kind == "update" && a.asked.Options.Get(meeting.Option(o)) == f.wants[o]
		})
		if wanted := f.wants[o]; begun && wanted != "" && wanted != value && !has {
			return false
		}
	}
	return true
}
