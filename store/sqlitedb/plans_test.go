package sqlitedb

import (
	"database/sql"
	"errors"
	"path/filepath"
	"reflect"
	"testing"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// A statement is compiled only once, even if a parameter changes between 1, the ID of the
// first user, and other values.
func TestStatementsAreCompiledOnce(t *testing.T) {
	ctx := t.Context()
	db, err := openPrepared(dsn(filepath.Join(t.TempDir(), "test.db")), false)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, `CREATE TABLE n (user_id INTEGER, i INTEGER, PRIMARY KEY (user_id, i))`); err != nil {
		t.Fatal(err)
	}
	const q = `SELECT i FROM n WHERE user_id = $1 AND i <= $2 ORDER BY i DESC LIMIT 1`
	for i := range 10 {
		var got int
		if err := db.QueryRowContext(ctx, q, i%3, i).Scan(&got); !errors.Is(err, sql.ErrNoRows) {
			t.Fatal(err)
		}
	}
	c, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	err = c.Raw(func(c any) error {
		idle := c.(*preparedConn).idle[q].Value.(idleStmt).stmt
		statement := reflect.ValueOf(idle).Elem().FieldByName("pstmt").Uint()
		tls := libc.NewTLS()
		defer tls.Close()
		if n := sqlite3.Xsqlite3_stmt_status(tls, uintptr(statement), sqlite3.SQLITE_STMTSTATUS_REPREPARE, 0); n != 0 {
			t.Errorf("compiled again %d times", n)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
