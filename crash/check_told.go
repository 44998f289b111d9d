package main

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"meetdesk/store/compact"
)

// row is a meeting in the desk's database.
type row struct {
	id, version                 int64
	slot                        slot
	graphID, state, subject     string
	join, lobby, record, origin string
	people                      []string       // UPNs of the people who were given access
	notes                       map[string]int // how often each note occurs
	attempts                    []attempt
}

// readRows returns all meetings in the database.
func readRows(ctx context.Context, db *sql.DB) (map[int64]*row, error) {
	rows := make(map[int64]*row)
	err := each(ctx, db, `SELECT m.id, m.version, u.upn, coalesce(m.external_id, ''), coalesce(m.graph_id, ''), m.state, m.subject, m.join_url, m.lobby_scope, m.record, coalesce(m.origin, ''), u.tid, u.oid, m.thread_id, m.join_meeting_id, m.conference_id
		FROM meetings m JOIN users u ON u.id = m.organizer_id`, func(scan func(...any) error) error {
		r, short := row{notes: make(map[string]int)}, compact.Row{}
		if err := scan(&r.id, &r.version, &r.slot.organizer, &r.slot.externalID, &r.graphID, &r.state, &r.subject, &r.join, &r.lobby, &r.record, &r.origin, &short.TenantID, &short.OrganizerID, &short.ThreadID, &short.JoinMeetingID, &short.ConferenceID); err != nil {
			return err
		}
		r.join, r.graphID, r.lobby = short.FullLink(r.join), short.FullGraphID(r.graphID), compact.FullOption(r.lobby)
		rows[r.id] = &r
		return nil
	})
	if err != nil {
		return nil, err
	}
	for q, add := range map[string]func(*row, string){
		`SELECT p.meeting_id, u.upn FROM meeting_people p JOIN users u ON u.id = p.user_id`: func(r *row, upn string) { r.people = append(r.people, upn) },
		`SELECT meeting_id, body FROM notes WHERE taken_back_at IS NULL`:                    func(r *row, text string) { r.notes[text]++ },
	} {
		err := each(ctx, db, q, func(scan func(...any) error) error {
			var (
				id   int64
				text string
			)
			if err := scan(&id, &text); err != nil {
				return err
			}
			if rows[id] != nil { // if the meeting is missing, foreign_key_check reports that
				add(rows[id], text)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return rows, readAttempts(ctx, db, rows)
}

// The function each runs a query and calls the callback for every row.
func each(ctx context.Context, db *sql.DB, q string, do func(scan func(...any) error) error) error {
	rows, err := db.QueryContext(ctx, q)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := do(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// checkTold compares the database with everything that people were told.
func (s *series) checkTold(rows map[int64]*row) {
	s.ledger.mu.Lock()
	defer s.ledger.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(s.ledger.meetings)) {
		m, r := s.ledger.meetings[id], rows[id]
		if r == nil {
			s.report(lost, "meeting %d (%s, %s) is not in the database", id, m.slot.organizer, m.slot.externalID)
			continue
		}
		for _, wrong := range s.wrong(m, r) {
			s.report(lost, "meeting %d (%s, %s): %s", id, m.slot.organizer, m.slot.externalID, wrong)
		}
	}
}

// wrong returns the differences between the row and what people were told about the
// meeting.
func (s *series) wrong(m *told, r *row) (list []string) {
	add := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	if r.slot != m.slot && s.ledger.outside[m.slot] == "" {
		add("it belongs to %v", r.slot)
	}
	if m.join != "" && r.join != m.join {
		add("its join link is %q, and %q was shown", r.join, m.join)
	}
	gone := r.state == "removed" || r.state == "replaced"
	switch {
	case m.removed && !gone:
		add("it is %s, and its page said that it was removed", r.state)
	case gone && !m.removalAsked:
		add("it is %s, and nobody removed it", r.state)
	case m.join != "" && r.state != "live" && !gone:
		add("it is %s, and its page showed a join link", r.state)
	}
	if why := m.subject.wrong(r.subject, s.ledger.asked[m.slot]); why != "" {
		add("its subject %s", why)
	}
	lobby, record := optionsOf(s.ledger.forms[m.slot])
	for what, property := range map[string]struct {
		register *register
		value    string
		more     []*write
	}{"lobby": {&m.lobby, r.lobby, lobby}, "recording": {&m.record, r.record, record}} {
		if len(property.register.reads) == 0 {
			continue // nobody was told a value of this property
		}
		if why := property.register.wrong(property.value, property.more); why != "" {
			add("its setting for the %s: %s", what, why)
		}
	}
	for _, f := range s.ledger.forms[m.slot] {
		if !f.isWhole(r.attempts) {
			add("only a part of a form is recorded: %+v", f)
		}
	}
	if n := r.creators(); n > 1 || n > 0 && r.origin != "created" {
		add("it is %s, and %d forms are recorded as having created it", r.origin, n)
	}
	for text := range m.notes {
		if r.notes[text] == 0 {
			add("it lacks the note %q", text)
		}
	}
	for upn := range m.people {
		if !slices.Contains(r.people, upn) {
			add("it is no longer handed over to %s", upn)
		}
	}
	return list
}
