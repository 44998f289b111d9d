package main

import (
	"database/sql"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/server"
	"meetdesk/store"
)

func TestIndexIsMergedWhenIdle(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	s, err := store.Open(ctx, store.Options{Dir: dir, Keys: [][]byte{make([]byte, 32)}})
	if err != nil {
		t.Fatal(err)
	}
	organizer, err := s.Organizer(ctx, meeting.User{TenantID: "t", ObjectID: "o", UPN: "dana@contoso.example", Name: "Dana"})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 50 {
		if _, err := s.Begin(ctx, store.Intention{Organizer: organizer, Actor: organizer, Mode: meeting.Delegated, Kind: meeting.KindCreate, Asked: meeting.Asked{ExternalID: fmt.Sprint("INC", i)}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	parts := func() (n int) {
		if err := db.QueryRowContext(ctx, `SELECT count(DISTINCT segid) FROM meetings_fts_idx`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := parts()
	settings := servedFrom(t, dir)
	settings.Quiet = 20 * time.Millisecond
	a, err := server.New(ctx, settings)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	for range 1000 {
		if parts() == 1 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if n := parts(); before < 2 || n != 1 {
		t.Errorf("%d parts of the index became %d", before, n)
	}
}

// TestServerLimitsClients checks that the HTTP servers limit the size of headers. It also
// checks the timeouts that keep slow clients from holding connections open.
func TestServerLimitsClients(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	for server, s := range map[string]*http.Server{"the desk": server.NewHTTPServer(http.NotFoundHandler(), log), "the metrics": newMetricsServer(http.NotFoundHandler(), log)} {
		for name, limit := range map[string]time.Duration{
			"the header": s.ReadHeaderTimeout, "a request": s.ReadTimeout, "a response": s.WriteTimeout, "an idle connection": s.IdleTimeout,
		} {
			if limit <= 0 || limit > 2*time.Minute {
				t.Errorf("%s: the limit for %s is %v, want at most two minutes", server, name, limit)
			}
		}
		if s.MaxHeaderBytes <= 0 || s.MaxHeaderBytes > 1<<20 {
			t.Errorf("%s: a header may have %d bytes, want at most 1 MB", server, s.MaxHeaderBytes)
		}
	}
}
