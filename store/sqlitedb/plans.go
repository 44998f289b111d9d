package sqlitedb

import (
	"fmt"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// keepPlans makes the connection choose plans without looking at the values of parameters.
// Otherwise, SQLite compiles many sorted queries again whenever a parameter changes between 0
// or 1 and another value. The full-text index does that several times for each search.
func (h handle) keepPlans() error {
	tls := libc.NewTLS()
	defer tls.Close()
	const size = 16 // two arguments of 8 bytes
	args := tls.Alloc(size)
	defer tls.Free(size)
	if code := sqlite3.Xsqlite3_db_config(tls, uintptr(h), sqlite3.SQLITE_DBCONFIG_ENABLE_QPSG, libc.VaList(args, int32(1), uintptr(0))); code != sqlite3.SQLITE_OK {
		return fmt.Errorf("database: configure the connection: error %d", code)
	}
	return nil
}
