package store

import (
	"context"
	"fmt"
	"math"
	"slices"

	"meetdesk/meeting"
)

// maxNeighbours is the maximum number of meetings that TicketNeighbours returns on each
// side of the given one.
const maxNeighbours = 3

// These queries return a ticket's meetings, closest to the given meeting first. If $2 is
// not 0, they return only the meetings that user $2 may see. Meetings without a start count
// as later than all others and are ordered by ID.
var (
	ofTicket = `SELECT ` + meetingColumns + ` FROM meetings m` + joinOrganizer + `
		WHERE m.ticket_key = $1 AND $1 <> '' AND (EXISTS (SELECT 1 FROM meeting_people p WHERE p.meeting_id = m.id AND p.user_id = $2
			AND (p.relation <> 'maker' OR m.maker_id = $2 AND coalesce(m.origin, 'created') = 'created')) OR $2 = 0) `
	startBefore = ofTicket + `AND m.start_at <= $3 AND (m.start_at < $3 OR m.id < $4) ORDER BY m.start_at DESC, m.id DESC LIMIT $5`
	startAfter  = ofTicket + `AND m.start_at >= $3 AND (m.start_at > $3 OR m.id > $4) ORDER BY m.start_at, m.id LIMIT $5`
	madeBefore  = ofTicket + `AND m.start_at IS NULL AND m.id < $3 ORDER BY m.id DESC LIMIT $4`
	madeAfter   = ofTicket + `AND m.start_at IS NULL AND m.id > $3 ORDER BY m.id LIMIT $4`
)

// TicketNeighbours returns the meetings for the same ticket that are closest to m: up to
// three before it and up to three after it. They are sorted by start. Their attendees are
// not loaded. Unless userID is 0, it omits meetings that the user may not see.
func (s *Store) TicketNeighbours(ctx context.Context, m meeting.Meeting, userID int64) (before, after []meeting.Meeting, err error) {
	ticket := meeting.TicketKey(m.ExternalID)
	// If m has a start, every meeting without one comes after m, so their IDs are compared
	// with 0.
	start, made := m.Start.UnixMilli(), int64(0)
	if m.Start.IsZero() {
		start, made = math.MaxInt64, m.ID
	}
	if before, err = s.meetings(ctx, madeBefore, ticket, userID, made, maxNeighbours); err != nil {
		return nil, nil, err
	}
	more, err := s.meetings(ctx, startBefore, ticket, userID, start, m.ID, maxNeighbours-len(before))
	if err != nil {
		return nil, nil, err
	}
	before = append(before, more...)
	slices.Reverse(before)
	if after, err = s.meetings(ctx, startAfter, ticket, userID, start, m.ID, maxNeighbours); err != nil {
		return nil, nil, err
	}
	more, err = s.meetings(ctx, madeAfter, ticket, userID, made, maxNeighbours-len(after))
	return before, append(after, more...), err
}

// SharesTicket reports whether m shares its ticket with another meeting, or with an import
// row that may still create one. Callers ask this before they look for other meetings,
// because most tickets have only one.
func (s *Store) SharesTicket(ctx context.Context, m meeting.Meeting) (shares bool, err error) {
	const q = `SELECT EXISTS (SELECT 1 FROM meetings WHERE ticket_key = $1 AND $1 <> '' AND id <> $2) OR EXISTS (SELECT 1 FROM import_rows r WHERE r.ticket_key = $1 AND ` + plannedRow + `)`
	ticket := meeting.TicketKey(m.ExternalID)
	if err := s.read.QueryRowContext(ctx, q, ticket, m.ID).Scan(&shares); err != nil {
		return false, fmt.Errorf("meetings of %q: %w", ticket, err)
	}
	return shares, nil
}
