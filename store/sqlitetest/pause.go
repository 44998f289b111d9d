package sqlitetest

import (
	"database/sql/driver"
	"sync"
	"time"

	"modernc.org/sqlite"
)

// AddPause adds the SQL function test_pause to connections that are opened later. It waits
// for the given number of nanoseconds and returns that number. In a synctest bubble, the
// time is that of the bubble.
var AddPause = sync.OnceFunc(func() {
	sqlite.MustRegisterScalarFunction("test_pause", 1, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		time.Sleep(time.Duration(args[0].(int64)))
		return args[0], nil
	})
})
