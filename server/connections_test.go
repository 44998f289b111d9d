package server

import (
	"bufio"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"testing"
	"time"
)

// If more than three quarters of the connections are open, a new one closes the
// connection that has been idle the longest.
func TestIdleConnectionsMakeRoom(t *testing.T) {
	server := new(http.Server)
	watchConnections(server, 4)
	connect := func(states ...http.ConnState) (theirs net.Conn) {
		ours, theirs := net.Pipe()
		t.Cleanup(func() { ours.Close() })
		for _, state := range states {
			server.ConnState(ours, state)
		}
		return theirs
	}
	busy := connect(http.StateNew, http.StateActive)
	oldest := connect(http.StateNew, http.StateActive, http.StateIdle)
	newest := connect(http.StateNew, http.StateActive, http.StateIdle)
	connect(http.StateNew)
	for name, tt := range map[string]struct {
		conn net.Conn
		want error
	}{
		"busy": {busy, os.ErrDeadlineExceeded}, "oldest": {oldest, io.EOF}, "newest": {newest, os.ErrDeadlineExceeded},
	} {
		tt.conn.SetReadDeadline(time.Now())
		if _, err := tt.conn.Read(make([]byte, 1)); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
}

// TestCapacity checks that the capacity leaves enough files for the database and for
// connections to Microsoft, unless the limit on open files is too low.
func TestCapacity(t *testing.T) {
	for _, files := range []uint64{20, 70, 128, 256, 512, 1024, 4096, 1 << 20, ^uint64(0)} {
		c := capacityFor(files)
		if c.connections < 2 || c.requests < 2 || c.connections < c.requests || c.connections > maxConnections || c.requests > maxRequests {
			t.Errorf("%d files: %+v", files, c)
		}
		if used := uint64(c.connections + c.requests + reservedFiles); used > files && files > reservedFiles+6 {
			t.Errorf("%d files: %+v needs %d", files, c, used)
		}
	}
}

// OPTIONS * reaches the site, which sets its headers on every response.
func TestGeneralOptionsReachTheSite(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	site := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusMethodNotAllowed) })
	server := NewHTTPServer(site, slog.New(slog.DiscardHandler))
	defer server.Close()
	go server.Serve(listener)
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("status %s, but the site answers 405", response.Status)
	}
}
