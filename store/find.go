package store

import (
	"context"
	"encoding/json"
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"meetdesk/meeting"
	"meetdesk/search"
)

// Hit is a meeting that is exactly what was looked for.
type Hit struct {
	meeting.Listed
	By   HitBy // what of it was named; see hitOrder where it is several things
	Also HitBy // what was named of it beside its ticket, "" for nothing
}

// HitBy is what of a meeting was named.
type HitBy string

// What can be looked for; see search.Input.
const (
	ByExternalID   HitBy = "external_id" // letter for letter
	BySpelling     HitBy = "spelling"    // the ticket in another spelling
	ByTicket       HitBy = "ticket"      // another meeting of the ticket than the one named
	ByThread       HitBy = "thread"
	ByMeetingID    HitBy = "meeting_id"
	ByConferenceID HitBy = "conference_id"
	ByVideoID      HitBy = "video_id"
	ByPhone        HitBy = "phone" // the number to dial in by, which is many meetings'
	ByGraphID      HitBy = "graph_id"
	ByRequestID    HitBy = "request_id"
)

// Find looks up what the scrap names, among the meetings and within the days and
// the filter of the query: the last made first, at most q.Limit. Each of the
// tickets is the text in a spelling that it may have been meant in.
func (s *Store) Find(ctx context.Context, q HistoryQuery, scrap search.Input, tickets ...string) ([]Hit, error) {
	var b binds
	hits := hitsOf(&b, scrap, tickets)
	seen := `true`
	if !q.Everyone {
		seen = `EXISTS (SELECT 1 FROM meeting_people p WHERE p.user_id = ` + b.add(q.UserID) + ` AND p.meeting_id = h.id`
		if q.Kits { // whose page has neither
			seen += ` AND (p.relation <> 'handed over' OR h.found NOT IN (` + strconv.Itoa(slices.Index(hitOrder, ByGraphID)) + `, ` + strconv.Itoa(slices.Index(hitOrder, ByRequestID)) + `))`
		}
		seen += `)`
	}
	l := listing{HistoryQuery: q, order: ByCreated, now: s.now().UnixMilli()}
	rows, err := s.lists.QueryContext(ctx, `SELECT `+listColumns+`, sum(DISTINCT 1 << h.found) AS ways FROM (`+hits+`) h CROSS JOIN meetings m ON m.id = h.id`+joinOrganizer+`
		WHERE `+seen+` AND `+l.filter(&b)+` GROUP BY m.id ORDER BY ways & 1 AND m.state NOT IN ('removed', 'replaced') DESC, m.id DESC LIMIT `+b.add(q.Limit), b.values...)
	if err != nil {
		return nil, fmt.Errorf("find: %w", err)
	}
	defer rows.Close()
	var (
		found []Hit
		ways  uint
	)
	for scan := newListScan(&ways); rows.Next(); {
		m, err := scan.scan(rows)
		if err != nil {
			return nil, fmt.Errorf("find: %w", err)
		}
		hit := Hit{Listed: *m, By: hitOrder[bits.TrailingZeros(ways)]}
		if also := ways >> ticketWays; also != 0 && ways&(1<<ticketWays-1) != 0 {
			hit.Also = hitOrder[ticketWays+bits.TrailingZeros(also)]
		}
		if hit.By == ByTicket && slices.ContainsFunc(tickets, func(t string) bool { return meeting.MayMean(t, m.ExternalID) }) {
			hit.By = BySpelling
		}
		found = append(found, hit)
	}
	return found, rows.Err()
}

// hitOrder is what counts for more first, where a meeting is named in several ways:
// as a ticket, and by one of the IDs that Microsoft gave.
var hitOrder = []HitBy{ByExternalID, BySpelling, ByTicket, ByMeetingID, ByConferenceID, ByVideoID, ByGraphID, ByThread, ByRequestID}

const ticketWays = 3 // of these are about the ticket

// hitsOf is a query for the IDs of the meetings that are named, with the number of
// the way in hitOrder. It asks for what there is only: most of what people look
// for is a ticket.
func hitsOf(b *binds, scrap search.Input, tickets []string) string {
	parts := []string{`SELECT NULL AS id, 0 AS found WHERE false`}
	add := func(by HitBy, n int, sql func(in string) string, list any) {
		if n > 0 {
			text, _ := json.Marshal(list) // of strings: it cannot fail
			in := b.add(string(text))
			parts = append(parts, `SELECT id, `+strconv.Itoa(slices.Index(hitOrder, by))+` FROM (`+sql(`json_each(`+in+`)`)+`)`)
		}
	}
	of := func(column string) func(string) string {
		return func(in string) string {
			return `SELECT id FROM meetings WHERE ` + column + ` IN (SELECT value FROM ` + in + `) AND ` + column + ` <> ''`
		}
	}
	requested := func(column string) func(string) string {
		return func(in string) string {
			return `SELECT a.meeting_id AS id FROM calls c JOIN attempts a ON a.id = c.attempt_id WHERE c.` + column + ` IN (SELECT value FROM ` + in + `) AND c.` + column + ` <> ''`
		}
	}
	for _, ticket := range tickets {
		key, text := b.add(meeting.TicketKey(ticket)), b.add(ticket)
		parts = append(parts, `SELECT id, CASE WHEN external_id = `+text+` THEN 0 ELSE 2 END FROM meetings WHERE ticket_key = `+key+` AND ticket_key <> ''
			UNION ALL SELECT id, 0 FROM meetings WHERE `+key+` = '' AND ticket_key IS NULL AND external_id = `+text)
	}
	add(ByThread, len(scrap.Threads), func(in string) string {
		return `SELECT m.id FROM ` + in + ` t CROSS JOIN meetings m ON m.thread_id = t.value ->> 'ID' COLLATE NOCASE AND m.thread_id <> ''
			WHERE (t.value ->> 'Lost' OR m.thread_id = t.value ->> 'ID' COLLATE BINARY) AND (t.value ->> 'Message' = '' OR instr(m.join_url, '/' || (t.value ->> 'Message')) > 0)`
	}, threadsOf(scrap))
	add(ByMeetingID, len(scrap.MeetingIDs), of("join_meeting_id"), scrap.MeetingIDs)
	add(ByConferenceID, len(scrap.ConferenceIDs), of("conference_id"), scrap.ConferenceIDs)
	video := slices.Concat(scrap.VideoIDs, scrap.MeetingIDs) // which digits alone do not tell apart
	add(ByVideoID, len(video), of("video_id"), video)
	add(ByGraphID, len(scrap.GraphIDs), of("graph_id"), scrap.GraphIDs)
	add(ByRequestID, len(scrap.RequestIDs), requested("request_id"), scrap.RequestIDs)
	add(ByRequestID, len(scrap.RequestIDs), requested("client_request_id"), scrap.RequestIDs)
	return strings.Join(parts, " UNION ALL ")
}

// lostThread is a thread as it is looked up.
type lostThread struct {
	search.Thread
	Lost bool // its capitals
}

func threadsOf(scrap search.Input) (list []lostThread) {
	for _, t := range scrap.Threads {
		list = append(list, lostThread{t, t.LostCase()})
	}
	return list
}
