package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"meetdesk/testenv"
)

// TestBarePages checks the bare server on a small database. The database is filled in two
// steps, as if a run had been interrupted.
func TestBarePages(t *testing.T) {
	testenv.SkipIfShort(t)
	b, data := &bench{progress: io.Discard}, filepath.Join(t.TempDir(), "rows")
	if _, err := b.fill(t.Context(), data, 250); err != nil {
		t.Fatal(err)
	}
	f, err := b.fill(t.Context(), data, 600)
	if err != nil || f.rate <= 0 || f.size < 600*1000 {
		t.Fatalf("filled at %.0f rows per second to %d bytes, %v", f.rate, f.size, err)
	}
	path := filepath.Join(data, databaseFile)
	if n, err := countMeetings(t.Context(), path); err != nil || n != 600 {
		t.Fatalf("%d meetings, %v; want 600", n, err)
	}
	pages, err := barePages(path)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(pages)
	defer server.Close()
	anybody := newBrowser(server.URL)
	defer anybody.close()
	targets, err := targetsOf(t.Context(), f, busyMember, 4)
	if err != nil || len(targets) != 4 {
		t.Fatalf("%d meetings to look for, %v; want 4", len(targets), err)
	}
	one := targets[3]
	key := []any{"graph", one.graphID, "organizer", one.organizer}
	for _, tt := range []struct{ path, end string }{
		{barePath("key", 1234, key...), "/key"},
		{barePath("key", 1234, append(key, "open", one.id)...), "/meeting"},
		{barePath("external", 1234, "external", one.externalID, "organizer", one.organizer), "/external"},
		{barePath("meeting", 1234, "id", one.id), "/meeting"},
	} {
		if end, size, err := anybody.get(t.Context(), tt.path); err != nil || end.Path != tt.end || size != 1234 {
			t.Errorf("%s ends at %v with %d bytes, %v; want %s with 1234", tt.path, end, size, err, tt.end)
		}
	}
	for _, list := range []string{barePath("list", 0), barePath("list", 0, "user", one.organizer)} {
		if _, size, err := anybody.get(t.Context(), list); err != nil || size < 10_000 {
			t.Errorf("%s has %d bytes, %v; want the rows of 50 meetings", list, size, err)
		}
	}
	for _, nothing := range []string{barePath("meeting", 10, "id", 601), barePath("key", 10, "graph", "x", "organizer", 1), barePath("other", 10)} {
		if _, _, err := anybody.get(t.Context(), nothing); err == nil {
			t.Errorf("%s exists, want an error", nothing)
		}
	}
	for _, s := range searchesIn(f) {
		if len(s.queries) < 6 {
			t.Errorf("%s: %q, too few", s.kind, s.queries)
		}
	}
}

func TestCountRows(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/history.csv" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, "a,b\r\n", strings.Repeat("1,2\r\n", 70_000))
	}))
	defer server.Close()
	b := newBrowser(server.URL)
	defer b.close()
	if rows, err := b.countRows(t.Context(), "/history.csv"); err != nil || rows != 70_000 {
		t.Errorf("%d rows, %v; want 70000", rows, err)
	}
	if _, err := b.countRows(t.Context(), "/other.csv"); err == nil {
		t.Error("the rows of a missing file were counted")
	}
}
