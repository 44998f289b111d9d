package listing

import (
	"database/sql"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"meetdesk/store/postgresdb"
	"meetdesk/store/postgrestest"
	"meetdesk/store/sqlitedb"
	"meetdesk/store/sqlitetest"
)

// testLists combines Lists with a connection that can write to their database.
type testLists struct {
	*Lists
	write *sql.DB
	index Index
	tx    *sql.Tx // nil outside transact
}

// openWithTwo creates a database with meetings 1 to n. Person 1 organizes the meetings with
// odd IDs, and person 2 the others. If n is 9 or more, every state and origin occurs.
func openWithTwo(t testing.TB, n int) testLists {
	t.Helper()
	l := openEmpty(t, postgrestest.Wanted())
	l.addTwo(t, n)
	return l
}

func (l testLists) addTwo(t testing.TB, n int) {
	t.Helper()
	l.exec(t, `INSERT INTO users (id, tid, oid, upn, name, created_at) VALUES (1, 't', '1', 'one@contoso.example', 'One', 0), (2, 't', '2', 'two@contoso.example', 'Two', 0)`)
	l.insert(t, 1, n, "'Printer ana'")
}

func openEmpty(t testing.TB, onPostgres bool) testLists {
	t.Helper()
	l := testLists{index: SQLiteIndex()}
	if onPostgres {
		address, err := postgresdb.Parse(postgrestest.New(t))
		if err != nil {
			t.Fatal(err)
		}
		l.write, l.index, l.Lists = address.OpenWriter(), PostgresIndex(), OpenPostgres(address.OpenLister(), time.Now, new(atomic.Int64))
	} else {
		path := filepath.Join(t.TempDir(), "meetdesk.db")
		sqlitetest.WriteEmpty(t, path)
		var err error
		if l.write, err = sqlitedb.OpenWriter(path); err != nil {
			t.Fatal(err)
		}
		if l.Lists, err = Open(path, time.Now, new(atomic.Int64)); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		l.Close()
		l.write.Close()
	})
	return l
}

// insert inserts meetings that were created one minute apart. Some of them start at the
// same time. The subject argument is an SQL expression in which n is the meeting's ID.
func (l testLists) insert(t testing.TB, first, last int, subject string) {
	t.Helper()
	l.exec(t, `WITH RECURSIVE count(n) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT n + 1 FROM count WHERE n < $2)
		INSERT INTO meetings (id, organizer_id, maker_id, external_id, ticket_key, subject, state, origin, start_at, end_at, created_at, updated_at)
		SELECT n, 2 - n % 2, 2 - n % 2, 'INC' || n, 'inc' || n, `+subject+`,
			CASE n % 10 WHEN 7 THEN 'failed' WHEN 8 THEN 'unfinished' WHEN 9 THEN 'removed' WHEN 6 THEN 'replaced' ELSE 'live' END,
			CASE n % 10 WHEN 5 THEN 'found' WHEN 4 THEN 'adopted' WHEN 7 THEN NULL WHEN 8 THEN NULL ELSE 'created' END,
			CASE WHEN n % 10 <> 7 THEN (n * n % 101 / 4 * 4 + n / 100) * 60000 END, CASE WHEN n % 10 <> 7 THEN (n * n % 101 / 4 * 4 + n / 100) * 60000 + 1800000 END, n * 60000, n * 60000 FROM count`, first, last)
	l.exec(t, `INSERT INTO meeting_people (user_id, meeting_id, relation, created_at) SELECT organizer_id, id, 'organizer', 0 FROM meetings WHERE id BETWEEN $1 AND $2`, first, last)
	l.reindex(t, first, last)
}

func (l testLists) reindex(t testing.TB, first, last int) {
	t.Helper()
	l.transact(t, func(l testLists) {
		list, err := l.index.read(t.Context(), l.tx, `m.id BETWEEN $1 AND $2`, first, last)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range list {
			if err := l.index.Write(t.Context(), l.tx, i); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func (l testLists) exec(t testing.TB, statement string, args ...any) {
	t.Helper()
	l.transact(t, func(l testLists) {
		if _, err := l.tx.Exec(statement, args...); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	})
}

// transact runs the callback in a transaction and records that a list may have changed. If
// l is already in a transaction, the callback runs in it.
func (l testLists) transact(t testing.TB, do func(testLists)) {
	t.Helper()
	if l.tx != nil {
		do(l)
		return
	}
	tx, err := l.write.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	l.tx = tx
	do(l)
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	l.changes.Add(1)
}
