package sqlitedb

import (
	"context"
	"reflect"
	"sync"
	"time"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// interruptAgain is the interval at which interrupts are repeated. SQLite ignores an
// interrupt that arrives between two steps of a query, when none of the connection's
// statements is running.
const interruptAgain = time.Millisecond

// handle is a pointer to SQLite's connection object (sqlite3*).
type handle uintptr

// handleOf returns the connection's handle, which the driver does not export. The handle is
// needed because the driver stops interrupting a query once the first row has been returned.
func handleOf(c sqliteConn) handle {
	return handle(reflect.ValueOf(c).Elem().FieldByName("db").Uint())
}

// interruptAfter interrupts the connection repeatedly, from the time the context ends until
// the stop function returns.
func (h handle) interruptAfter(ctx context.Context) (stop func()) {
	if ctx.Done() == nil {
		return func() {}
	}
	var (
		mu      sync.Mutex
		stopped bool
	)
	interrupt := func() bool {
		mu.Lock()
		defer mu.Unlock()
		if !stopped {
			tls := libc.NewTLS()
			sqlite3.Xsqlite3_interrupt(tls, uintptr(h))
			tls.Close()
		}
		return !stopped
	}
	unused := context.AfterFunc(ctx, func() {
		for interrupt() {
			time.Sleep(interruptAgain)
		}
	})
	return func() {
		if unused() {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		stopped = true
	}
}
