package main

import (
	"context"
	"maps"
	"slices"
	"strings"

	"meetdesk/emulator"
)

// checkMicrosoft compares the meetings in the emulator with each other and with the desk's
// meetings.
func (r *round) checkMicrosoft(ctx context.Context) error {
	there, err := r.site.meetings(ctx)
	if err != nil {
		return err
	}
	db, err := r.site.openToRead()
	if err != nil {
		return err
	}
	defer db.Close()
	rows, err := readRows(ctx, db)
	if err != nil {
		return err
	}
	r.compare(there, rows)
	return nil
}

// compare reports duplicate meetings at Microsoft and differences between Microsoft's
// meetings and the desk's.
func (s *series) compare(there []atMicrosoft, rows map[int64]*row) {
	upns := make(map[string]string)
	for _, p := range emulator.Cast() {
		upns[p.ObjectID] = p.UPN
	}
	s.ledger.mu.Lock()
	defer s.ledger.mu.Unlock()
	byID, live, made := make(map[string]atMicrosoft), make(map[slot][]string), make(map[slot]int)
	for _, m := range there {
		key := slot{upns[m.Organizer], m.ExternalID}
		byID[m.ID] = m
		if made[key]++; !m.Removed {
			live[key] = append(live[key], m.ID)
		}
	}
	for key, ids := range live {
		if len(ids) > 1 {
			s.report(duplicated, "%s has %d meetings for %s: %q", key.organizer, len(ids), key.externalID, ids)
		}
	}
	for key, n := range made {
		if most := 1 + s.ledger.removals[key]; n > most {
			s.report(duplicated, "%d meetings were made for %s and %s, and %d were removed", n, key.organizer, key.externalID, most-1)
		}
	}
	known := make(map[string]bool)
	confirmable := make(map[slot]bool) // unfinished meetings, which may exist at Microsoft
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		row := rows[id]
		known[row.graphID] = true
		if row.state == "unfinished" {
			confirmable[row.slot] = true
		}
		s.compareRow(row, byID)
	}
	for _, m := range there {
		key := slot{upns[m.Organizer], m.ExternalID}
		if !known[m.ID] && !m.Removed && !confirmable[key] && s.ledger.outside[key] == "" {
			s.report(lost, "Microsoft has a meeting of %s for %s (%q) of which the desk knows nothing", key.organizer, key.externalID, m.Meeting.Subject)
		}
	}
}

// compareRow reports how a live or removed meeting of the desk differs from the same
// meeting at Microsoft.
func (s *series) compareRow(r *row, byID map[string]atMicrosoft) {
	if r.state != "live" && r.state != "removed" {
		return
	}
	m, ok := byID[r.graphID]
	switch {
	case !ok:
		s.report(lost, "meeting %d is %s, and Microsoft never had %q", r.id, r.state, r.graphID)
	case r.state == "removed":
		if !m.Removed {
			s.report(lost, "meeting %d is removed, and Microsoft still has it", r.id)
		}
	case m.Removed && s.ledger.removals[r.slot] == 0:
		s.report(lost, "meeting %d is gone at Microsoft, and nobody removed it", r.id)
	case m.Removed: // the attempt to remove it was dismissed; a refresh will notice that the meeting is gone
	case m.Meeting.JoinWebURL != r.join || !maps.Equal(m.values(), r.values):
		s.report(lost, "meeting %d differs from Microsoft's: %q, %s, and there %q, %s", r.id, r.values, short(r.join), m.values(), short(m.Meeting.JoinWebURL))
	}
}

// short returns the part of a join link that distinguishes it from others.
func short(link string) string {
	_, rest, _ := strings.Cut(link, "meeting_")
	return rest[:min(12, len(rest))]
}
