package main

import (
	"bufio"
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"meetdesk/demo"
	"meetdesk/emulator"
	"meetdesk/paths"
	"meetdesk/store/postgresdb"
	"meetdesk/store/postgrestest"
	"meetdesk/testenv"
)

// sharedImport is an import processed by two desks that share a PostgreSQL database.
type sharedImport struct {
	*testing.T
	site     *url.URL
	emulator *emulator.Emulator
	settings []string
	db       *sql.DB
	front    atomic.Pointer[url.URL] // the URL of the desk that receives the requests
}

func newSharedImport(t *testing.T) *sharedImport {
	t.Helper()
	return newSharedImportOn(t, postgrestest.New(t))
}

func newSharedImportOn(t *testing.T, address string) *sharedImport {
	t.Helper()
	s := &sharedImport{T: t}
	database, err := postgresdb.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	s.db = database.OpenAside()
	t.Cleanup(func() { s.db.Close() })
	proxy := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(s.front.Load())
		r.Out.Host = r.In.Host
	}})
	t.Cleanup(proxy.Close)
	s.site = &url.URL{Scheme: "http", Host: strings.Replace(proxy.Listener.Addr().String(), "127.0.0.1", "localhost", 1)}
	em, graph := microsoft(t, s.site.String())
	s.emulator = em
	s.settings = environment("DATA", "DATABASE="+address, "ADDR=127.0.0.1:0", "URL="+s.site.String(), "ISSUER="+em.Issuer(), "GRAPH_URL="+graph, "ALLOW_EMULATOR=1",
		"TENANT_ID="+emulator.DefaultTenant, "CLIENT_ID="+emulator.DefaultClientID)
	return s
}

func (s *sharedImport) serve() (*process, *url.URL) {
	s.Helper()
	p := start(s.T, s.settings, "serve")
	_, addr, _ := strings.Cut(p.line("listening on"), "listening on ")
	return p, &url.URL{Scheme: "http", Host: strings.TrimSpace(addr)}
}

func (s *sharedImport) count(where string) (n int) {
	s.Helper()
	if err := s.db.QueryRowContext(s.Context(), `SELECT count(*) FROM import_rows WHERE `+where).Scan(&n); err != nil {
		s.Fatal(err)
	}
	return n
}

// If one of two desks is killed while it waits for Microsoft, the other one completes the
// import without creating a meeting twice.
func TestImportSurvivesTheKillOfADesk(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	const rows, workers = 200, 16 // both desks together have 16 workers
	s := newSharedImport(t)
	killed, first := s.serve()
	_, second := s.serve()
	s.front.Store(first)
	v := newVisitor(s.site)
	table := strings.Builder{}
	table.WriteString("Ticket\tDate\tStart\tMinutes\n")
	for i := range rows {
		fmt.Fprintf(&table, "EXAM%04d\t%s\t10:00\t30\n", i, time.Now().AddDate(0, 0, 7).Format(time.DateOnly))
	}
	if err := v.SignIn(t.Context(), demo.Priya); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Do(t.Context(), http.MethodPost, paths.Imports, url.Values{"rows": {table.String()}, "time_zone": {"Europe/Lisbon"}}); err != nil {
		t.Fatal(err)
	}
	s.emulator.SetLatency(50 * time.Millisecond)
	if _, err := v.Do(t.Context(), http.MethodPost, paths.CheckImport(1), url.Values{"act": {"start"}}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "both desks work on rows", func() bool {
		return s.emulator.MeetingCount() > 20 && s.count(`desk_id = 1`) > 0 && s.count(`desk_id = 2`) > 0
	})
	hold := make(chan struct{})
	s.emulator.FailNext(createRoute, emulator.Failure{Apply: true, Hold: hold, Times: workers})
	eventually(t, "every worker waits for a meeting that Microsoft has created", func() bool {
		return s.count(`state = 'running'`) == workers && s.emulator.MeetingCount() == s.count(`state = 'created'`)+workers
	})
	killed.stop(syscall.SIGKILL)
	close(hold)
	if n := s.count(`state = 'running' AND desk_id = 1`); n == 0 || s.emulator.MeetingCount() == rows {
		t.Errorf("the desk is killed with %d rows, after %d meetings", n, s.emulator.MeetingCount())
	}
	s.front.Store(second)
	s.follow(v)
	// Expire the killed desk's lease, because waiting for it to expire would take too long.
	if _, err := s.db.ExecContext(t.Context(), `UPDATE desks SET lease_until = 0 WHERE id = 1`); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the import is done", func() bool { return s.count(`state = 'created'`) == rows })
	if page := v.read(t, paths.Import(1)); !strings.Contains(page, "200 of 200 processed") || !strings.Contains(page, "Completed") {
		t.Errorf("the page does not say that the import is done:\n%s", page)
	}
	seen := make(map[string]bool)
	for _, m := range s.emulator.Meetings() {
		seen[m.ExternalID] = true
	}
	if len(seen) != rows || s.emulator.MeetingCount() != rows {
		t.Errorf("Microsoft has %d meetings with %d external IDs, want %d", s.emulator.MeetingCount(), len(seen), rows)
	}
}

// follow reads the import's events until one shows more progress than the first.
func (s *sharedImport) follow(v *visitor) {
	s.Helper()
	response, err := v.Client.Get(s.site.String() + paths.ImportEvents(1))
	if err != nil {
		s.Fatal(err)
	}
	defer response.Body.Close()
	first := ""
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		said, _, found := strings.Cut(lines.Text(), " of 200 processed")
		switch said = said[strings.LastIndexAny(said, `>"`)+1:]; {
		case !found:
		case first == "":
			first = said
		case said != first:
			return
		}
	}
	s.Errorf("no event shows more progress than %q", first)
}
