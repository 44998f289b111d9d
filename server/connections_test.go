package server

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestWaitingConnectionsMakeRoom(t *testing.T) {
	states := map[byte]http.ConnState{'n': http.StateNew, 'a': http.StateActive, 'i': http.StateIdle, 'c': http.StateClosed}
	for _, tt := range []struct{ name, events, now, later string }{ // an event is a state and a connection number; x means a closed connection, and o an open one
		{"a new one", "n0 a0 n1 a1 i1 n2 a2 i2 n3", "oxoo", "oxoo"},
		{"enough room", "n0 a0 n1 n2 a2 i2", "ooo", "ooo"},
		{"all busy", "n0 a0 n1 a1 n2 a2 n3 a3", "oooo", "oooo"},
		{"one becomes idle", "n0 a0 n1 a1 n2 a2 n3 a3 i1 i2", "oxoo", "oxoo"},
		{"silent ones", "n0 n1 n2 a2 n3 n4", "ooooo", "xxooo"},
		{"one is silent no longer", "n0 n1 n2 n3 a0", "oooo", "oxoo"},
		{"a closed one does not count", "n0 a0 i0 n1 n2 n3 n4 c0", "xoooo", "xxooo"},
		{"clients close theirs", "n0 a0 c0 n1 a1 c1 n2 a2 i2 n3", "oooo", "oooo"},
		{"a request on a closed one", "n0 a0 i0 n1 a1 n2 a2 n3 a3 a0 i0 i1", "xooo", "xooo"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := new(http.Server)
				watchConnections(server, 4)
				var ours, theirs []net.Conn
				for event := range strings.FieldsSeq(tt.events) {
					i := int(event[1] - '0')
					if i == len(ours) {
						a, b := net.Pipe()
						defer a.Close()
						ours, theirs = append(ours, a), append(theirs, b)
					}
					server.ConnState(ours[i], states[event[0]])
				}
				open := func() (s string) {
					for _, conn := range theirs {
						conn.SetReadDeadline(time.Now())
						if _, err := conn.Read(make([]byte, 1)); errors.Is(err, io.EOF) {
							s += "x"
						} else {
							s += "o"
						}
					}
					return s
				}
				if got := open(); got != tt.now {
					t.Errorf("at once: %s, want %s", got, tt.now)
				}
				time.Sleep(time.Second + time.Millisecond)
				synctest.Wait()
				if got := open(); got != tt.later {
					t.Errorf("after a second: %s, want %s", got, tt.later)
				}
			})
		})
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

// The process's limit on open files determines how many requests and connections are
// handled at a time.
func TestCapacityIsUsed(t *testing.T) {
	if a, _ := newApp(t); a.Site.MaxRequests != ownCapacity().requests {
		t.Errorf("the site handles %d requests, want %d", a.Site.MaxRequests, ownCapacity().requests)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	server := NewHTTPServer(http.NotFoundHandler(), slog.New(slog.DiscardHandler))
	if err := ServeUntil(ctx, server, listener, Grace); err != nil || server.ConnState == nil {
		t.Errorf("%v; the server watches its connections: %v", err, server.ConnState != nil)
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
