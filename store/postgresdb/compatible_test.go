package postgresdb_test

import (
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"

	"meetdesk/migrations"
	"meetdesk/store/postgrestest"
	"meetdesk/testenv"
)

// catalogue describes the tables of a database: their columns and the rules that restrict
// which rows a program may write.
type catalogue struct {
	columns map[string]column // by table and column name
	rules   []string          // constraints, unique indexes and triggers, each preceded by its table's name
}

type column struct {
	kind             string
	required, filled bool // whether the column is NOT NULL, and whether the database fills it in if a row has no value for it
}

func read(t *testing.T, db *sql.DB) catalogue {
	t.Helper()
	c := catalogue{columns: make(map[string]column)}
	const columns = `SELECT table_name || '.' || column_name, data_type, is_nullable = 'NO', column_default IS NOT NULL OR is_identity = 'YES' OR is_generated = 'ALWAYS'
		FROM information_schema.columns WHERE table_schema = current_schema()`
	const rules = `SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid <> 0 AND connamespace = current_schema()::regnamespace
		UNION SELECT indrelid::regclass || ' ' || pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE indisunique AND relnamespace = current_schema()::regnamespace
		UNION SELECT tgrelid::regclass || ' ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal`
	rows, err := db.QueryContext(t.Context(), columns)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var (
			name string
			x    column
		)
		if err := rows.Scan(&name, &x.kind, &x.required, &x.filled); err != nil {
			t.Fatal(err)
		}
		c.columns[name] = x
	}
	found, err := db.QueryContext(t.Context(), rules)
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	for found.Next() {
		var rule string
		if err := found.Scan(&rule); err != nil {
			t.Fatal(err)
		}
		c.rules = append(c.rules, rule)
	}
	if err := found.Err(); err != nil || rows.Err() != nil || len(c.columns) < 100 || len(c.rules) < 20 {
		t.Fatalf("%d columns, %d rules, %v, %v", len(c.columns), len(c.rules), err, rows.Err())
	}
	return c
}

func tableOf(name string) string { return name[:strings.IndexAny(name, ". ")] }

// breaks returns the changes that may break a program written for the older tables.
func (older catalogue) breaks(newer catalogue) (list []string) {
	tables := make(map[string]bool)
	for name, x := range older.columns {
		tables[tableOf(name)] = true
		y, ok := newer.columns[name]
		if !ok || y.kind != x.kind || y.required && !x.required || x.filled && !y.filled && y.required {
			list = append(list, fmt.Sprintf("the column %s was %+v and is %+v", name, x, y))
		}
	}
	for name, y := range newer.columns {
		if _, known := older.columns[name]; !known && tables[tableOf(name)] && y.required && !y.filled {
			list = append(list, "the new column "+name+" has no default")
		}
	}
	for _, rule := range newer.rules {
		if tables[tableOf(rule)] && !slices.Contains(older.rules, rule) && !copiesOnly.MatchString(rule) {
			list = append(list, "the new rule "+rule)
		}
	}
	return list
}

// copiesOnly matches triggers that copy values into columns that older programs do not
// know. They refuse nothing.
var copiesOnly = regexp.MustCompile(` EXECUTE FUNCTION copy_\w*times\(\)$`)

// migratedAt migrates an empty database to the given schema.
func migratedAt(t *testing.T, address string, schema int64) (*sql.DB, *goose.Provider) {
	t.Helper()
	db := parse(t, address).OpenAside()
	t.Cleanup(func() { db.Close() })
	provider, err := goose.NewProvider(goose.DialectPostgres, db, migrations.Postgres())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), schema); err != nil {
		t.Fatal(err)
	}
	return db, provider
}

// Desks built for schema migrations.Compatible or later can keep running after a newer
// version has upgraded the database.
func TestMigrationsKeepOlderDesksRunning(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for schema := migrations.Compatible; schema < migrations.Latest(); schema++ {
		db, provider := migratedAt(t, postgrestest.Empty(t), int64(schema))
		older := read(t, db)
		if _, err := provider.Up(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, what := range older.breaks(read(t, db)) {
			t.Errorf("after schema %d: %s; see migrations.Compatible", schema, what)
		}
	}
}

func TestBreakingMigrationsAreNoticed(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for statement, want := range map[string]string{
		`CREATE TABLE next (id BIGINT PRIMARY KEY, at BIGINT NOT NULL)`:      "",
		`ALTER TABLE notes ADD COLUMN next BIGINT NOT NULL DEFAULT 0`:        "",
		`ALTER TABLE notes ADD COLUMN next BIGINT`:                           "",
		`CREATE INDEX next ON notes (user_id, id)`:                           "",
		`DROP INDEX audit_at`:                                                "",
		`ALTER TABLE notes ADD COLUMN next BIGINT NOT NULL`:                  "has no default",
		`ALTER TABLE notes DROP COLUMN user_id CASCADE`:                      "notes.user_id was",
		`ALTER TABLE notes RENAME COLUMN user_id TO person_id`:               "notes.user_id was",
		`ALTER TABLE audit ALTER COLUMN meeting_id TYPE TEXT`:                "audit.meeting_id was",
		`ALTER TABLE audit ALTER COLUMN meeting_id SET NOT NULL`:             "audit.meeting_id was",
		`ALTER TABLE import_rows ALTER COLUMN desk_id DROP DEFAULT`:          "import_rows.desk_id was",
		`ALTER TABLE audit ADD CHECK (count > 0)`:                            "the new rule audit CHECK",
		`CREATE UNIQUE INDEX next ON notes (user_id)`:                        "the new rule notes CREATE UNIQUE",
		`CREATE TRIGGER next BEFORE DELETE ON notes EXECUTE FUNCTION next()`: "the new rule notes CREATE TRIGGER",
		`DROP TABLE notes CASCADE`:                                           "notes.user_id was",
	} {
		db := parse(t, postgrestest.New(t)).OpenAside()
		t.Cleanup(func() { db.Close() })
		older := read(t, db)
		if _, err := db.ExecContext(t.Context(), `CREATE FUNCTION next() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`); err != nil {
			t.Fatal(err)
		}
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
		got := strings.Join(older.breaks(read(t, db)), "\n")
		if (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", statement, got, want)
		}
	}
}

// Migration 40 copies the times of meetings that older desks write, and migration 41 those
// of older meetings.
func TestTimesOfOthersMeetings(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	db, provider := migratedAt(t, postgrestest.Empty(t), 39)
	for range 2 {
		if _, err := db.ExecContext(t.Context(), `INSERT INTO users (tid, oid, upn, name, created_at) SELECT 't', n, 'upn', 'name', 1 FROM generate_series(1, 2) n ON CONFLICT DO NOTHING;
			INSERT INTO meetings (id, organizer_id, maker_id, state, start_at, end_at, created_at, updated_at) SELECT coalesce(max(id), 0) + 1, 1, 2, 'live', 20, 30, 10, 10 FROM meetings;
			INSERT INTO meetings (id, organizer_id, maker_id, state, created_at, updated_at) SELECT max(id) + 1, 1, 2, 'unfinished', 10, 10 FROM meetings;
			INSERT INTO meeting_people (user_id, meeting_id, relation, created_at) SELECT u, m, CASE u WHEN 1 THEN 'organizer' ELSE 'maker' END, 1 FROM (SELECT max(id) AS last FROM meetings) l, generate_series(1, 2) u, generate_series(last - 1, last) m`); err != nil {
			t.Fatal(err)
		}
		if _, err := provider.Up(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	check := func(want string) {
		t.Helper()
		const q = `SELECT string_agg(format('%s %s-%s', meeting_id, start_at, end_at), ', ' ORDER BY meeting_id), count(*) FILTER (WHERE user_id = 1 AND start_at IS NOT NULL) FROM meeting_people WHERE user_id = 2 OR start_at IS NOT NULL`
		var (
			got    string
			others int
		)
		if err := db.QueryRowContext(t.Context(), q).Scan(&got, &others); err != nil || got != want || others != 0 {
			t.Errorf("the times are %q, want %q; %d of the organizer, %v", got, want, others, err)
		}
	}
	check("1 20-30, 2 10-, 3 20-30, 4 10-")
	if _, err := db.ExecContext(t.Context(), `UPDATE meetings SET start_at = 40, end_at = 50 WHERE id IN (1, 4)`); err != nil {
		t.Fatal(err)
	}
	check("1 40-50, 2 10-, 3 20-30, 4 40-50")
}
