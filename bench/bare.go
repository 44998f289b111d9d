package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"

	"meetdesk/store/sqlitedb"
)

// The desk's pages are compared with those of a bare server that reads the same database
// file. For a list, the bare server runs the desk's query and renders the rows as the desk
// does. For other pages, it runs fixed queries and writes bodies of the same size.

// bareCommand is the hidden argument that makes this program run as the bare server.
const bareCommand = "bare-queries"

func (b *bench) startBare(ctx context.Context, self, data string) (*process, *browser, error) {
	p, err := b.start(ctx, self, nil, bareCommand, filepath.Join(data, databaseFile))
	if err != nil {
		return nil, nil, err
	}
	return p, newBrowser("http://" + p.line), nil
}

// barePath returns the path of a page with a body of the given size. The other arguments
// are alternating names and values of additional query parameters.
func barePath(what string, size int64, more ...any) string {
	query := url.Values{"size": {fmt.Sprint(size)}}
	for i := 0; i < len(more); i += 2 {
		query.Set(more[i].(string), fmt.Sprint(more[i+1]))
	}
	return "/" + what + "?" + query.Encode()
}

const (
	bareRow  = `SELECT m.id, m.external_id, m.state, m.origin, m.subject, m.start_at, m.end_at, m.time_zone, u.name, u.upn `
	bareUser = ` JOIN users u ON u.id = m.organizer_id `

	bareNothing = `SELECT 1` // for pages without a performance goal
	bareHome    = bareRow + `FROM meetings m` + bareUser +
		`WHERE m.organizer_id = $1 AND m.state = 'live' AND m.end_at >= $2 ORDER BY m.end_at LIMIT 10`

	// This query represents lookups by any meeting identifier. Every identifier is indexed,
	// and all of them are of similar length.
	bareKey      = bareRow + `FROM meetings m` + bareUser + `WHERE m.graph_id = $1 AND m.organizer_id = $2`
	bareExternal = bareRow + `FROM meetings m` + bareUser +
		`WHERE m.external_id = $1 AND m.organizer_id = $2 AND m.state NOT IN ('removed', 'replaced')`

	bareMeeting = `SELECT m.id, m.external_id, m.graph_id, m.state, m.origin, m.subject, m.start_at, m.end_at, m.time_zone,
		m.join_url, m.join_meeting_id, m.passcode, m.conference_id, m.toll_number, m.toll_free_number, m.dial_in_url,
		m.thread_id, m.options_url, m.allowed_presenters, m.lobby_scope, m.announce, m.record, m.graph_created_at, m.expires_at,
		m.version, m.created_at, m.updated_at, m.maker_id, u.tid, u.oid, u.upn, u.name FROM meetings m` + bareUser + `WHERE m.id = $1`
	bareAttendees = `SELECT upn, object_id, name, role FROM attendees WHERE meeting_id = $1 ORDER BY position`
	bareAttempts  = `SELECT a.id, a.mode, a.kind, a.asked_packed, a.state, a.outcome, a.reason, a.created_at, a.updated_at, u.name, u.upn
		FROM attempts a JOIN users u ON u.id = a.actor_id WHERE a.meeting_id = $1 ORDER BY a.id DESC`
	bareCalls = `SELECT c.attempt_id, c.method, c.client_request_id, c.request_id, c.status, c.code, c.message, c.date, c.unsure, c.started_at, c.duration_us
		FROM calls c JOIN attempts a ON a.id = c.attempt_id WHERE a.meeting_id = $1 ORDER BY c.id`
	bareSession = `SELECT s.id, s.created_at, u.name, u.upn FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = (SELECT max(id) FROM sessions) AND $1`
	bareHanded  = `SELECT u.name, u.upn, p.created_at FROM meeting_people p JOIN users u ON u.id = p.user_id WHERE p.meeting_id = $1 AND p.relation = 'handed over'`
	bareEnded   = `SELECT u.name, u.upn, x.ended_at FROM ended_access x JOIN users u ON u.id = x.user_id WHERE x.meeting_id = $1`
	bareNotes   = `SELECT n.id, n.kind, n.body, n.created_at, u.name, u.upn FROM notes n JOIN users u ON u.id = n.user_id WHERE n.meeting_id = $1 ORDER BY n.id`
	bareReply   = `SELECT max(id) FROM replies WHERE meeting_id = $1`
	bareTicket  = bareRow + `FROM meetings m` + bareUser + `WHERE m.ticket_key = (SELECT ticket_key FROM meetings WHERE id = $1) AND m.id <> $1`
)

// bareMeetingPage lists the bare server's queries for a meeting's page. It omits some of
// the desk's queries, such as those for imports and waits.
var bareMeetingPage = []string{bareMeeting, bareAttendees, bareAttempts, bareCalls, bareSession, bareHanded, bareEnded, bareNotes, bareReply, bareTicket}

// serveBare runs the bare server until the process is killed. The path of the database file
// is args[0].
func serveBare(args []string) {
	pages, err := barePages(args[0])
	if err != nil {
		panic(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr())
	panic(http.Serve(listener, pages))
}

// barePages returns the pages of the bare server. It opens the database as the desk's
// readers do.
func barePages(database string) (http.Handler, error) {
	db, err := sqlitedb.OpenReader(database)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	for what, page := range map[string]struct{ queries, args []string }{
		"nothing":  {[]string{bareNothing}, nil},
		"home":     {[]string{bareHome}, []string{"user", "now"}},
		"key":      {[]string{bareKey}, []string{"graph", "organizer"}},
		"external": {[]string{bareExternal}, []string{"external", "organizer"}},
		"meeting":  {bareMeetingPage, []string{"id"}},
	} {
		h := barePage{args: page.args, mayBeEmpty: what == "home"}
		for _, q := range page.queries {
			prepared, err := db.Prepare(q)
			if err != nil {
				return nil, errors.Join(err, db.Close())
			}
			h.queries = append(h.queries, prepared)
		}
		mux.Handle("/"+what, h)
	}
	list, err := newBareList(database)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	mux.Handle("/list", list)
	return mux, nil
}

// barePage is a page of the bare server. It runs its queries, which all have the same
// arguments, and writes a body.
type barePage struct {
	queries []*sql.Stmt
	args    []string // names of the URL parameters that contain the arguments

	mayBeEmpty bool // whether the first query may return no rows
}

// bareBody holds the bytes for response bodies. It is at least as long as any page.
var bareBody [1 << 20]byte

// ServeHTTP runs the queries and writes a body of the requested size. It responds with 404
// if a query fails, or if the first query returns no rows and mayBeEmpty is not set. If the
// parameter "open" is a meeting's ID, ServeHTTP redirects to that meeting's page.
func (h barePage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	values := r.URL.Query()
	args := make([]any, len(h.args))
	for i, name := range h.args {
		args[i] = values.Get(name) // SQLite converts the text to a number if the column is numeric
	}
	for i, q := range h.queries {
		n, err := takeAll(r.Context(), q, args)
		if err != nil || i == 0 && n == 0 && !h.mayBeEmpty {
			http.Error(w, fmt.Sprint("not found: ", err), http.StatusNotFound)
			return
		}
	}
	if id := values.Get("open"); id != "" {
		w.Header().Set("Location", "/meeting?"+url.Values{"id": {id}, "size": {values.Get("size")}}.Encode())
		w.WriteHeader(http.StatusSeeOther)
		return
	}
	size, _ := strconv.Atoi(values.Get("size"))
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Write(bareBody[:size])
}

func takeAll(ctx context.Context, q *sql.Stmt, args []any) (n int, err error) {
	rows, err := q.QueryContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return 0, err
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for ; rows.Next(); n++ {
		if err := rows.Scan(into...); err != nil {
			return 0, err
		}
	}
	return n, rows.Err()
}
