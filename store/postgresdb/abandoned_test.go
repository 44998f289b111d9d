package postgresdb_test

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"meetdesk/store/postgrestest"
	"meetdesk/testenv"
)

// cancelCode identifies cancel requests in PostgreSQL's protocol.
const cancelCode = 80877102

// slowCancels starts a proxy that delays cancel requests to the server by a random time of
// up to delay. It returns an address that connects to the database through the proxy.
func slowCancels(t *testing.T, address string, delay time.Duration) string {
	t.Helper()
	through, err := url.Parse(postgrestest.OverTCP(address, "postgres", "", "sslmode=disable"))
	if err != nil {
		t.Fatal(err)
	}
	server := through.Host
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			go relay(near, server, delay)
		}
	}()
	through.Host = listener.Addr().String()
	return through.String()
}

func relay(near net.Conn, server string, delay time.Duration) {
	defer near.Close()
	begin := make([]byte, 8)
	if _, err := io.ReadFull(near, begin); err != nil {
		return
	}
	if binary.BigEndian.Uint32(begin[4:]) == cancelCode {
		time.Sleep(rand.N(delay))
	}
	far, err := net.Dial("tcp", server)
	if err != nil {
		return
	}
	if _, err := far.Write(begin); err != nil {
		return
	}
	go func() {
		defer far.Close()
		io.Copy(far, near)
	}()
	io.Copy(near, far)
}

// The server stops an abandoned query before the pool opens another connection, unless
// stopping the query takes longer than closeLimit.
func TestAbandonedReadStops(t *testing.T) {
	t.Parallel()
	direct := postgrestest.New(t)
	db, others := parse(t, slowCancels(t, direct, 300*time.Millisecond)).OpenReader(), parse(t, direct).OpenAside()
	defer db.Close()
	defer others.Close()
	if err := errors.Join(db.PingContext(t.Context()), others.PingContext(t.Context())); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	if err := runFor(t, db, 50*time.Millisecond, `SELECT pg_sleep(60)`); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want that of the context", err)
	}
	waited := time.Since(begun)
	const q = `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query = 'SELECT pg_sleep(60)'`
	for running := 1; running > 0; time.Sleep(10 * time.Millisecond) {
		if err := others.QueryRowContext(t.Context(), q).Scan(&running); err != nil {
			t.Fatal(err)
		}
		if running > 0 && waited < time.Second {
			t.Fatal("the pool did not wait for the server")
		}
		if time.Since(begun) > 20*time.Second {
			t.Fatal("the statement is still running")
		}
	}
}

// If a write completes within outcomeDelay after its context has ended, its connection
// stays open.
func TestAbandonedWriteKeepsItsConnection(t *testing.T) {
	t.Parallel()
	db := parse(t, postgrestest.New(t)).OpenWriter()
	defer db.Close()
	var before, after int
	if err := db.QueryRowContext(t.Context(), `SELECT pg_backend_pid()`).Scan(&before); err != nil {
		t.Fatal(err)
	}
	if err := runFor(t, db, 50*time.Millisecond, `SELECT pg_sleep(0.3)`); err != nil {
		t.Errorf("the outcome is lost: %v", err)
	}
	if err := db.QueryRowContext(t.Context(), `SELECT pg_backend_pid()`).Scan(&after); err != nil || before != after {
		t.Errorf("process %d instead of %d, %v", after, before, err)
	}
}

func runFor(t *testing.T, db *sql.DB, limit time.Duration, q string) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	_, err := db.ExecContext(ctx, q)
	return err
}

// A cancel request for an abandoned statement does not cancel any other statement, even if
// the request reaches the server late.
func TestAbandonedStatementsEndNoOthers(t *testing.T) {
	testenv.SkipUnlessLong(t)
	t.Parallel()
	address := parse(t, slowCancels(t, postgrestest.New(t), 300*time.Millisecond))
	for name, db := range map[string]*sql.DB{"reader": address.OpenReader(), "lister": address.OpenLister(), "aside": address.OpenAside()} {
		t.Run(name, func(t *testing.T) {
			defer db.Close()
			db.SetMaxOpenConns(2)
			abandonSome(t, db, time.Now().Add(time.Second))
		})
	}
}

// abandonSome runs many short statements concurrently and abandons some of them at random.
// It reports an error if any other statement fails.
func abandonSome(t *testing.T, db *sql.DB, until time.Time) {
	var (
		all              sync.WaitGroup
		abandoned, whole atomic.Int64
	)
	const q = `SELECT pg_sleep(0.02 * random())`
	for range 4 {
		all.Go(func() {
			for time.Now().Before(until) {
				if runFor(t, db, rand.N(40*time.Millisecond), q) != nil {
					abandoned.Add(1)
				}
			}
		})
		all.Go(func() {
			for ; time.Now().Before(until); whole.Add(1) {
				if _, err := db.ExecContext(t.Context(), q); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if abandoned.Load() == 0 || whole.Load() == 0 {
		t.Errorf("%d statements abandoned, %d not", abandoned.Load(), whole.Load())
	}
}
