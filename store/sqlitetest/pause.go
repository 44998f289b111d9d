package sqlitetest

import (
	"database/sql/driver"
	"sync"
	"testing"
	"time"

	"modernc.org/sqlite"
)

// AddPause registers the test_pause SQL function for connections that are opened later. The
// function sleeps for the given number of nanoseconds, using the clock of the synctest
// bubble if there is one.
var AddPause = sync.OnceFunc(func() {
	sqlite.MustRegisterScalarFunction("test_pause", 1, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		time.Sleep(time.Duration(args[0].(int64)))
		return args[0], nil
	})
})

// EndInterrupts waits, at the end of the test, until the driver has stopped interrupting
// queries whose contexts have ended. It is for tests in a synctest bubble.
func EndInterrupts(t testing.TB) { t.Cleanup(func() { time.Sleep(time.Second) }) }
