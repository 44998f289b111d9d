package store

import (
	"context"
	"encoding/json"
	"fmt"

	"meetdesk/meeting"
)

// Hit is a meeting that is exactly what was looked for.
type Hit struct {
	meeting.Listed
	By HitBy
}

// HitBy is what of a meeting was named.
type HitBy string

// What can be looked for; see meeting.Scrap.
const (
	ByExternalID   HitBy = "external_id" // letter for letter
	ByTicket       HitBy = "ticket"      // another spelling, or another meeting of the ticket
	ByThread       HitBy = "thread"
	ByMeetingID    HitBy = "meeting_id"
	ByConferenceID HitBy = "conference_id"
	ByGraphID      HitBy = "graph_id"
	ByRequestID    HitBy = "request_id"
)

// Find looks up what the scrap names, among the meetings and within the days and
// the filter of the query: the last made first, at most q.Limit. Each of the
// tickets is the text in a spelling that it may have been meant in.
func (s *Store) Find(ctx context.Context, q HistoryQuery, scrap meeting.Scrap, tickets ...string) ([]Hit, error) {
	var keys []string
	for _, ticket := range tickets {
		if key := meeting.TicketKey(ticket); key != "" {
			keys = append(keys, key)
		}
	}
	var b binds
	list := func(values any) string {
		text, _ := json.Marshal(values) // of strings: it cannot fail
		if string(text) == "null" {
			text = []byte("[]")
		}
		return `json_each(` + b.add(string(text)) + `)`
	}
	requests := list(scrap.RequestIDs)
	hits := `SELECT id, CASE WHEN external_id IN (SELECT value FROM ` + list(tickets) + `) THEN 'external_id' ELSE 'ticket' END AS found FROM meetings
			WHERE ticket_key IN (SELECT value FROM ` + list(keys) + `)
		UNION ALL SELECT m.id, 'thread' FROM ` + list(scrap.Threads) + ` t CROSS JOIN meetings m ON m.thread_id = t.value ->> 'ID' AND m.thread_id <> ''
			WHERE t.value ->> 'Message' = '' OR instr(m.join_url, '/' || (t.value ->> 'Message')) > 0
		UNION ALL SELECT id, 'meeting_id' FROM meetings WHERE join_meeting_id IN (SELECT value FROM ` + list(scrap.MeetingIDs) + `) AND join_meeting_id <> ''
		UNION ALL SELECT id, 'conference_id' FROM meetings WHERE conference_id IN (SELECT value FROM ` + list(scrap.ConferenceIDs) + `) AND conference_id <> ''
		UNION ALL SELECT id, 'graph_id' FROM meetings WHERE graph_id IN (SELECT value FROM ` + list(scrap.GraphIDs) + `) AND graph_id IS NOT NULL
		UNION ALL SELECT a.meeting_id, 'request_id' FROM calls c JOIN attempts a ON a.id = c.attempt_id
			WHERE c.request_id IN (SELECT value FROM ` + requests + `) AND c.request_id <> ''
		UNION ALL SELECT a.meeting_id, 'request_id' FROM calls c JOIN attempts a ON a.id = c.attempt_id
			WHERE c.client_request_id IN (SELECT value FROM ` + requests + `) AND c.client_request_id <> ''`
	seen := `true`
	if !q.Everyone {
		seen = `EXISTS (SELECT 1 FROM meeting_people p WHERE p.user_id = ` + b.add(q.UserID) + ` AND p.meeting_id = h.id)`
	}
	l := listing{HistoryQuery: q, order: ByCreated, now: s.now().UnixMilli()}
	rows, err := s.read.QueryContext(ctx, `SELECT `+listColumns+`, min(h.found) FROM (`+hits+`) h CROSS JOIN meetings m ON m.id = h.id`+joinOrganizer+`
		WHERE `+seen+` AND `+l.filter(&b)+` GROUP BY m.id ORDER BY m.id DESC LIMIT `+b.add(q.Limit), b.values...)
	if err != nil {
		return nil, fmt.Errorf("find: %w", err)
	}
	defer rows.Close()
	var (
		found []Hit
		by    string
	)
	for scan := newListScan(&by); rows.Next(); {
		m, err := scan.scan(rows)
		if err != nil {
			return nil, fmt.Errorf("find: %w", err)
		}
		found = append(found, Hit{*m, HitBy(by)})
	}
	return found, rows.Err()
}
