package listing

import (
	"database/sql"
	"slices"
	"strings"
	"testing"

	"meetdesk/store/sqlitedb"
	"meetdesk/testenv"
)

// oldest is the oldest meeting's ID.
const oldest = 1

// CheckIndex finds every difference between the index and the tables, however old the
// meeting is.
func TestCheckIndex(t *testing.T) {
	testenv.SkipUnderRace(t)
	testenv.SkipIfShort(t)
	t.Run("two blocks", func(t *testing.T) { checkIndexOf(t, 1<<blockShift+100) })
	t.Run("many blocks", func(t *testing.T) {
		testenv.SkipUnlessLong(t)
		checkIndexOf(t, 50_000)
	})
}

func checkIndexOf(t *testing.T, meetings int) {
	l := openEmpty(t, false)
	l.addTwo(t, meetings)
	l.exec(t, `UPDATE meetings SET subject = 'Müller–Lüdenscheidt 東京 О’Нил' WHERE id = 2`)
	l.reindex(t, 2, 2)
	list, err := l.index.read(t.Context(), l.write, `m.id = $1`, oldest)
	if err != nil {
		t.Fatal(err)
	}
	with := func(subject string) func(*testing.T, *sql.Conn) {
		e := list[0].entry()
		e.subject = subject
		return func(t *testing.T, c *sql.Conn) {
			if err := putEntry(t.Context(), c, putSQL, e); err != nil {
				t.Fatal(err)
			}
		}
	}
	run := func(statements ...string) func(*testing.T, *sql.Conn) {
		return func(t *testing.T, c *sql.Conn) {
			for _, q := range statements {
				if _, err := c.ExecContext(t.Context(), q); err != nil {
					t.Fatalf("%s: %v", q, err)
				}
			}
		}
	}
	for _, tt := range []struct {
		name   string
		damage func(*testing.T, *sql.Conn)
		want   []string // in the order of the reports
	}{
		{"nothing", run(), nil},
		{"a missing word", with("printer"), []string{`lacks "ana" as word 2 of subject of meeting 1`}},
		{"an extra word", with("printer ana ghost"), []string{`still has "ghost" as word 3 of subject of meeting 1`}},
		{"swapped words", with("ana printer"), []string{
			`lacks "printer" as word 1 of subject of meeting 1`, `lacks "ana" as word 2 of subject of meeting 1`,
			`still has "ana" as word 1 of subject of meeting 1`, `still has "printer" as word 2 of subject of meeting 1`,
		}},
		{"no entry", run(`DELETE FROM meetings_fts WHERE rowid = 1`), []string{"meeting 1 is not in the full-text index", "lacks", "lacks", "lacks", "lacks", "lacks"}},
		{"an entry of nothing", run(`INSERT INTO meetings_fts (rowid, subject) VALUES (999999, 'ghost')`), []string{"meeting 999999, which does not exist", `still has "ghost"`}},
		{"a changed subject", run(`UPDATE meetings SET subject = 'Printer anna' WHERE id = 1`), []string{`lacks "anna"`, `still has "ana"`}},
		{"lost access", run(`DELETE FROM meeting_people WHERE meeting_id = 1`), []string{`lacks "e0" as word 1 of scope`, `still has "u1" as word 1 of scope`, `still has "e0" as word 2 of scope`}},
		{"queued meetings", run(`INSERT INTO index_queue (organizer_id, before_id) VALUES (0, 5)`, `UPDATE meetings SET subject = 'Printer anna' WHERE id = 1`), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := l.write.Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			run(`BEGIN`)(t, c)
			defer run(`ROLLBACK`)(t, c)
			tt.damage(t, c)
			got, n, err := CheckIndex(t.Context(), c)
			if !slices.EqualFunc(got, tt.want, strings.Contains) || err != nil {
				t.Errorf("found %q, %v; want %q", got, err, tt.want)
			}
			if queued := tt.name == "queued meetings"; queued != (n == Compared{}) || !queued && (n.Meetings != meetings || n.Words < 5*meetings) {
				t.Errorf("compared %d meetings and %d words; want %d meetings with five words and more, or nothing while meetings are queued", n.Meetings, n.Words, meetings)
			}
		})
	}
}

// CheckIndex finds words that only the indexes of beginnings have lost.
func TestCheckIndexFindsLostBeginnings(t *testing.T) {
	l := openEmpty(t, false)
	l.addTwo(t, 9)
	var path, definition string
	const find = `SELECT file, (SELECT sql FROM sqlite_schema WHERE name = 'meetings_fts') FROM pragma_database_list WHERE name = 'main'`
	if err := l.write.QueryRowContext(t.Context(), find).Scan(&path, &definition); err != nil {
		t.Fatal(err)
	}
	whole, err := l.index.read(t.Context(), l.write, `m.id = 4`)
	if err != nil {
		t.Fatal(err)
	}
	do := func(do func(c *sql.Conn)) { // on a new connection, because others do not see the new definition
		t.Helper()
		db, err := sqlitedb.OpenFile(path)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		c, err := db.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		do(c)
	}
	define := func(definition string) {
		t.Helper()
		do(func(c *sql.Conn) {
			_, err := c.ExecContext(t.Context(), `PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = $1 WHERE name = 'meetings_fts'`, definition)
			if err != nil {
				t.Fatal(err)
			}
		})
	}
	without, _, found := strings.Cut(definition, ", prefix")
	if !found {
		t.Fatalf("%s has no indexes of beginnings", definition)
	}
	define(without + ")")
	do(func(c *sql.Conn) {
		if err := putEntry(t.Context(), c, putSQL, whole[0].entry()); err != nil {
			t.Fatal(err)
		}
	})
	define(definition)
	do(func(c *sql.Conn) {
		got, _, err := CheckIndex(t.Context(), c)
		if want := `the full-text index of meeting 4 lacks a word that begins with "`; len(got) != 5 || !strings.Contains(got[0], want) || err != nil {
			t.Errorf("found %q, %v; want five with %s", got, err, want)
		}
	})
}
