package main

import (
	"context"
	"net/url"
	"path/filepath"
	"strings"

	"meetdesk/store/compact"
)

type target struct {
	id                                       int64
	organizer                                int64
	externalID, graphID, joinURL, joinNumber string
}

// targetsOf returns the given number of the person's live meetings, spread evenly from the
// oldest to the newest.
func targetsOf(ctx context.Context, f filled, upn string, most int) (list []target, err error) {
	db, err := openDatabase(filepath.Join(f.data, databaseFile), "mode=ro")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	// The unary plus makes SQLite use the primary key instead of an index on the organizer.
	const q = `SELECT m.id, m.organizer_id, m.external_id, m.graph_id, m.join_url, m.join_meeting_id, m.thread_id, m.conference_id, u.tid, u.oid
		FROM meetings m JOIN users u ON u.id = m.organizer_id
		WHERE m.id >= $1 AND +m.organizer_id = (SELECT id FROM users WHERE upn = $2) AND m.state = 'live' AND m.external_id NOT LIKE '%~%' ORDER BY m.id LIMIT 1`
	for i := range most {
		var (
			t   target
			row compact.Row
		)
		err := db.QueryRowContext(ctx, q, 1+f.rows/most*i, upn).Scan(&t.id, &t.organizer, &t.externalID, &t.graphID, &t.joinURL, &t.joinNumber, &row.ThreadID, &row.ConferenceID, &row.TenantID, &row.OrganizerID)
		if err != nil {
			return nil, err
		}
		row.JoinMeetingID = t.joinNumber
		t.joinURL = row.FullLink(t.joinURL)
		list = append(list, t)
	}
	return list, nil
}

func searchPath(text string) string { return "/history?" + url.Values{"q": {text}}.Encode() }

// grouped formats a numeric ID in groups of three digits, as Teams does.
func grouped(number string) string {
	var b strings.Builder
	for i, digit := range number {
		if i > 0 && i%3 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(digit)
	}
	return b.String()
}

// searches holds several searches of the same kind, so that caches do not distort the
// result.
type searches struct {
	kind    string
	quiet   bool // whether the quiet organizer searches their own meetings
	queries []string
}

func searchesIn(f filled) []searches {
	all := []searches{{kind: "rare word"}, {kind: "common word"}, {kind: "prefix"}, {kind: "two common words that meet"},
		{kind: "two common words that never meet"}, {kind: "common word within one quiet organizer", quiet: true}}
	for i := 0; i < f.rows && len(all[0].queries) < 60; i += max(1, f.rows/100) {
		for _, w := range strings.Fields(strings.ToLower(f.made(i).Asked.Subject)) {
			if strings.Contains(commonWords, " "+w+" ") {
				continue
			}
			all[0].queries = append(all[0].queries, w)
			break
		}
	}
	for i, w := range single {
		if letters := []rune(w); i%9 == 0 && len(letters) > 4 {
			all[2].queries = append(all[2].queries, string(letters[:3+len(all[2].queries)%3]))
		}
	}
	for i := range apart {
		a, t := apart[i], together[i]
		all[1].queries = append(all[1].queries, a[0], a[1], t[0], t[1])
		all[3].queries = append(all[3].queries, t[0]+" "+t[1], t[1]+" "+t[0])
		all[4].queries = append(all[4].queries, a[0]+" "+a[1], a[1]+" "+a[0])
	}
	all[5].queries = all[1].queries
	return all
}

var commonWords = " " + strings.Join(vocabulary, " ") + " "
