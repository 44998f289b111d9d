package sqlitedb

import (
	"context"
	"reflect"
	"sync"
	"time"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// interruptAgain is the time after which a query is interrupted again. SQLite forgets an
// interrupt that arrives between two steps of a query, when no statement of the connection
// is running.
const interruptAgain = time.Millisecond

// handle is a connection of the driver as SQLite knows it.
type handle uintptr

// handleOf returns the handle of the driver's connection. The driver can interrupt SQLite
// only until the first row of a query, and does not export the handle.
func handleOf(c sqliteConn) handle {
	return handle(reflect.ValueOf(c).Elem().FieldByName("db").Uint())
}

// interruptAfter interrupts what the connection does as soon as the context ends, until
// stop is called. After stop has returned, nothing is interrupted.
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
