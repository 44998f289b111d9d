package main

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"time"

	"meetdesk/store/compact"
)

type row struct {
	id, version                  int64
	slot                         slot
	organizerID                  int64
	graphID, state, join, origin string
	values                       values
	attendees                    []string       // addresses and roles
	people                       []string       // UPNs of the people who were given access
	notes                        map[string]int // how often each note occurs
	attempts                     []attempt
}

func readRows(ctx context.Context, db *sql.DB) (map[int64]*row, error) {
	rows := make(map[int64]*row)
	const q = `SELECT m.id, m.version, m.organizer_id, u.upn, coalesce(m.external_id, ''), coalesce(m.graph_id, ''), m.state, m.join_url, coalesce(m.origin, ''),
		m.subject, coalesce(m.start_at, 0), coalesce(m.end_at, 0), m.lobby_scope, m.allowed_presenters, m.announce, m.record,
		u.tid, u.oid, m.thread_id, m.join_meeting_id, m.conference_id FROM meetings m JOIN users u ON u.id = m.organizer_id`
	err := each(ctx, db, q, func(scan func(...any) error) error {
		var (
			r                                          = row{notes: make(map[string]int)}
			short                                      compact.Row
			title, lobby, presenting, announce, record string
			start, end                                 int64
		)
		if err := scan(&r.id, &r.version, &r.organizerID, &r.slot.organizer, &r.slot.externalID, &r.graphID, &r.state, &r.join, &r.origin,
			&title, &start, &end, &lobby, &presenting, &announce, &record,
			&short.TenantID, &short.OrganizerID, &short.ThreadID, &short.JoinMeetingID, &short.ConferenceID); err != nil {
			return err
		}
		r.join, r.graphID = short.FullLink(r.join), short.FullGraphID(r.graphID)
		r.values = values{
			subject: title, times: span(time.UnixMilli(start), time.UnixMilli(end)),
			"lobby": compact.FullOption(lobby), presenters: compact.FullOption(presenting), "announce": announce, "record": record,
		}
		rows[r.id] = &r
		return nil
	})
	if err != nil {
		return nil, err
	}
	for q, add := range map[string]func(*row, string){
		`SELECT p.meeting_id, u.upn FROM meeting_people p JOIN users u ON u.id = p.user_id`:                                      func(r *row, upn string) { r.people = append(r.people, upn) },
		`SELECT meeting_id, body FROM notes WHERE taken_back_at IS NULL`:                                                         func(r *row, text string) { r.notes[text]++ },
		`SELECT meeting_id, lower(upn) || CASE role WHEN '' THEN '' WHEN 'attendee' THEN '' ELSE ' ' || role END FROM attendees`: func(r *row, text string) { r.attendees = append(r.attendees, text) },
	} {
		err := each(ctx, db, q, func(scan func(...any) error) error {
			var (
				id   int64
				text string
			)
			if err := scan(&id, &text); err != nil {
				return err
			}
			if rows[id] != nil { // foreign_key_check reports rows whose meeting is missing
				add(rows[id], text)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	for _, r := range rows {
		r.values[people] = sorted(r.attendees)
	}
	return rows, readAttempts(ctx, db, rows)
}

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
func (s *series) checkTold(ctx context.Context, db *sql.DB) error {
	rows, err := readRows(ctx, db)
	if err != nil {
		return err
	}
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
	return s.checkAudit(ctx, db)
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
	forms := s.ledger.forms[m.slot]
	for p := range r.values {
		if p != subject && len(m.reads[p]) == 0 {
			continue // nobody was told a value of this property
		}
		if why := m.isWrong(p, r.values, forms); why != "" {
			add("its %s: %s", p, why)
		}
	}
	for _, f := range forms {
		if !f.isWhole(r.attempts) {
			add("only a part of a form is recorded: %v", f.wants)
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
