package listing

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"meetdesk/meeting"
	"meetdesk/search"
	"meetdesk/store/compact"
)

// find uses a single query to look up everything that the input names.
func (db reader) find(ctx context.Context, l list, input search.Input, tickets []string) ([]Hit, error) {
	b := db.binds()
	named := namedQuery(b, input, tickets)
	visible := `true`
	if !l.Everyone {
		visible = `EXISTS (SELECT 1 FROM meeting_people p WHERE p.user_id = ` + b.add(l.UserID) + ` AND p.meeting_id = h.id`
		if l.KitOnly { // the kit shows neither the Graph ID nor request IDs
			visible += ` AND (p.relation <> 'handed over' OR h.found NOT IN (` + rank(ByGraphID) + `, ` + rank(ByRequestID) + `))`
		}
		visible += `)`
	}
	rows, err := db.QueryContext(ctx, `SELECT `+listColumns+`, h.ways FROM (SELECT h.id, sum(DISTINCT 1 << h.found) AS ways FROM (`+named+`) h WHERE `+visible+` GROUP BY h.id) h`+
		db.joinMeetings("h.id")+joinOrganizer+`
		WHERE `+l.filterSQL(b)+` ORDER BY (h.ways & 1) <> 0 AND m.state NOT IN ('removed', 'replaced') DESC, m.id DESC LIMIT `+b.add(l.Limit), b.values...)
	if err != nil {
		return nil, fmt.Errorf("find: %w", err)
	}
	defer rows.Close()
	var (
		hits  []Hit
		found uint
	)
	for scan := newListScan(&found); rows.Next(); {
		m, err := scan.scan(rows)
		if err != nil {
			return nil, fmt.Errorf("find: %w", err)
		}
		hits = append(hits, newHit(*m, found, tickets))
	}
	return hits, rows.Err()
}

func rank(by HitBy) string { return strconv.Itoa(slices.Index(hitOrder, by)) }

// namedQuery returns a query for the IDs of the meetings that the input names, each with a
// position in hitOrder. The query contains only the subqueries that the input needs. For
// each ticket, it examines only the maxCandidates meetings with the latest start.
func namedQuery(b *binds, input search.Input, tickets []string) string {
	var parts []string
	for _, ticket := range tickets {
		text := b.add(ticket)
		if key := meeting.TicketKey(ticket); key != "" {
			parts = append(parts, `SELECT * FROM (SELECT id, CASE WHEN external_id = `+text+` THEN 0 ELSE 2 END AS found FROM meetings WHERE ticket_key = `+b.add(key)+` AND ticket_key <> '' ORDER BY start_at DESC LIMIT `+b.add(maxCandidates)+`) t`)
		} else {
			parts = append(parts, `SELECT id, 0 AS found FROM meetings WHERE ticket_key IS NULL AND external_id = `+text)
		}
	}
	if len(input.Threads) > 0 {
		parts = append(parts, rankedQuery(ByThread, b.engine.inThreads(b, threadsOf(input))))
	}
	for _, named := range []struct {
		by     HitBy
		ids    []string
		column string
	}{
		{ByMeetingID, input.MeetingIDs, "join_meeting_id"},
		{ByConferenceID, input.ConferenceIDs, "conference_id"},
		{ByVideoID, slices.Concat(input.VideoIDs, input.MeetingIDs), "video_id"}, // a number without a label could be either kind of ID
		{ByGraphID, bothForms(input.GraphIDs, compact.ShortGraphID), "graph_id"},
	} {
		if len(named.ids) > 0 {
			parts = append(parts, rankedQuery(named.by, `SELECT id FROM meetings WHERE `+named.column+` IN (SELECT value FROM `+b.engine.each(b, named.ids, "v")+`) AND `+named.column+` <> ''`))
		}
	}
	if len(input.RequestIDs) > 0 {
		for _, column := range []string{"request_id", "client_request_id"} {
			parts = append(parts, rankedQuery(ByRequestID, `SELECT a.meeting_id AS id FROM `+b.engine.each(b, bothForms(input.RequestIDs, compact.ShortGUID), "v")+b.engine.inOrder()+`calls c ON substr(c.`+column+`, 1, 5) = substr(v.value, 1, 5) AND c.`+column+` = v.value AND c.`+column+` <> '' JOIN attempts a ON a.id = c.attempt_id`))
		}
	}
	if len(parts) == 0 {
		return `SELECT 0 AS id, 0 AS found WHERE false`
	}
	return strings.Join(parts, " UNION ALL ")
}

// bothForms returns each ID in two forms: as Graph writes it, and as the database stores
// it.
func bothForms(ids []string, short func(string) string) (both []string) {
	for _, id := range ids {
		both = append(both, id, short(id))
	}
	return both
}

func rankedQuery(by HitBy, query string) string {
	return `SELECT id, ` + rank(by) + ` AS found FROM (` + query + `) q`
}

type thread struct {
	search.Thread
	// Lost is true if the input does not preserve the case of the ID. Find then ignores
	// case.
	Lost bool
}

func threadsOf(input search.Input) (list []thread) {
	for _, t := range input.Threads {
		list = append(list, thread{t, t.LostCase()})
	}
	return list
}

func (db reader) findByPhone(ctx context.Context, l list, digits string) (hits []Hit, err error) {
	b := db.binds()
	newest := `SELECT id FROM meetings`
	if !l.Everyone {
		newest = `SELECT meeting_id AS id FROM meeting_people WHERE user_id = ` + b.add(l.UserID)
	}
	like := ` LIKE ` + b.add("%"+digits)
	rows, err := db.QueryContext(ctx, `SELECT `+listColumns+` FROM (`+newest+` ORDER BY id DESC LIMIT `+b.add(maxCandidates)+`) h`+db.joinMeetings("h.id")+joinOrganizer+`
		WHERE (`+plainPhone("m.toll_number")+like+` OR `+plainPhone("m.toll_free_number")+like+`) AND `+l.filterSQL(b)+` ORDER BY m.id DESC LIMIT `+b.add(l.Limit), b.values...)
	if err != nil {
		return nil, fmt.Errorf("find by phone: %w", err)
	}
	defer rows.Close()
	for scan := newListScan(); rows.Next(); {
		m, err := scan.scan(rows)
		if err != nil {
			return nil, fmt.Errorf("find by phone: %w", err)
		}
		hits = append(hits, Hit{Listed: *m, By: ByPhone})
	}
	return hits, rows.Err()
}

// plainPhone returns an SQL expression for the phone number in the column, with its
// separators removed.
func plainPhone(column string) string {
	for _, mark := range strings.Split(" ,-,(,),.,/", ",") {
		column = `replace(` + column + `, '` + mark + `', '')`
	}
	return column
}
