package web

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/sqlitetest"
	"meetdesk/testenv"
)

// sendTo calls the send callback until it fails or a day has passed. The client reads the
// response in parts and pauses for the given duration after each part. took is measured by
// the clock of the synctest bubble.
func sendTo(t *testing.T, wait time.Duration, send func(http.ResponseWriter) error) (took time.Duration, failed error) {
	t.Helper()
	ours, theirs := net.Pipe()
	listener := &oneConn{conn: make(chan net.Conn, 1), closed: make(chan struct{})}
	listener.conn <- ours
	server := &http.Server{WriteTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for began := time.Now(); failed == nil && took < 24*time.Hour; took = time.Since(began) {
			failed = send(w)
		}
	})}
	go server.Serve(listener)
	defer server.Close()
	if _, err := io.WriteString(theirs, "GET / HTTP/1.1\r\nHost: desk\r\nConnection: close\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	for part := make([]byte, exportBuffer); ; time.Sleep(wait) {
		if _, err := io.ReadFull(theirs, part); err != nil {
			synctest.Wait()
			return took, failed
		}
	}
}

type oneConn struct {
	conn   chan net.Conn
	closed chan struct{}
}

func (l *oneConn) Accept() (net.Conn, error) {
	select {
	case c := <-l.conn:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *oneConn) Close() error   { close(l.closed); return nil }
func (l *oneConn) Addr() net.Addr { return &net.TCPAddr{} }

// An export ends after stallLimit if the client stops reading, and after exportLimit if the
// client reads slowly.
func TestSlowExportsEnd(t *testing.T) {
	for wait, after := range map[time.Duration]time.Duration{2 * exportLimit: stallLimit, stallLimit / 2: exportLimit} {
		synctest.Test(t, func(t *testing.T) {
			var to io.Writer
			took, err := sendTo(t, wait, func(w http.ResponseWriter) error {
				if to == nil {
					to = new(Server).exportWriter(w)
				}
				_, err := to.Write(make([]byte, exportBuffer))
				return err
			})
			if !errors.Is(err, os.ErrDeadlineExceeded) || took != after {
				t.Errorf("with a part every %v, an export ends with %v after %v, want a time-out after %v", wait, err, took, after)
			}
		})
	}
}

type silentFile struct{}

func (silentFile) begin() error { return nil }
func (silentFile) flush() error { return nil }
func (silentFile) end() error   { return nil }

// Reading the rows of an export also ends after exportLimit. The download then returns an
// error, and another export can begin.
func TestReadingForAnExportIsLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sqlitetest.EndInterrupts(t)
		keys := [][]byte{make([]byte, 32)}
		db, err := store.Open(t.Context(), store.Options{Dir: t.TempDir(), Keys: keys})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		person, err := db.Organizer(t.Context(), meeting.User{TenantID: "t", ObjectID: "o", UPN: "dana@contoso.example"})
		if err != nil {
			t.Fatal(err)
		}
		s := &Server{Config: Config{Store: db}, exports: make(chan struct{}, 1)}
		r := withVisitContext(httptest.NewRequest(http.MethodGet, "/history.csv", nil), &visit{session: &store.Session{User: person}})
		began := time.Now()
		err = s.sendDownload(httptest.NewRecorder(), r, download{began: store.AuditExport, ended: store.AuditExportEnd, cut: store.AuditExportCut}, silentFile{}, func(ctx context.Context, _ sendPart) error {
			<-ctx.Done()
			return ctx.Err()
		})
		if took := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || took != exportLimit || len(s.exports) != 0 {
			t.Errorf("%v after %v, and %d exports still run; want a time-out after %v", err, took, len(s.exports), exportLimit)
		}
	})
}

// A client that stops reading the events of an import is disconnected after stallLimit. A
// client that keeps reading stays connected.
func TestStalledEventsEnd(t *testing.T) {
	testenv.SkipIfShort(t)
	for wait, after := range map[time.Duration]time.Duration{time.Hour: stallLimit, stallLimit / 4: 24 * time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			event := strings.Repeat("x", exportBuffer)
			took, err := sendTo(t, wait, func(w http.ResponseWriter) error { return sendEvent(w, event) })
			if stalls := after == stallLimit; errors.Is(err, os.ErrDeadlineExceeded) != stalls || took < after || stalls && took > after {
				t.Errorf("with a part every %v, the events end with %v after %v, want %v", wait, err, took, after)
			}
		})
	}
}
