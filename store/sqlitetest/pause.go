package sqlitetest

import (
	"database/sql/driver"
	"sync"
	"testing"
	"time"

	"modernc.org/sqlite"
)

// AddPause adds the SQL function test_pause to later connections. It waits for the given
// number of nanoseconds, in a synctest bubble by the bubble's clock.
var AddPause = sync.OnceFunc(func() {
	sqlite.MustRegisterScalarFunction("test_pause", 1, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		time.Sleep(time.Duration(args[0].(int64)))
		return args[0], nil
	})
})

// EndInterrupts makes a test in a synctest bubble wait at its end until nothing interrupts
// a query whose context has ended.
func EndInterrupts(t testing.TB) { t.Cleanup(func() { time.Sleep(time.Second) }) }
