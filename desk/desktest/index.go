package desktest

import (
	"io/fs"
	"strings"
	"testing"

	"meetdesk/migrations"
	"meetdesk/store/enginetest"
)

// wantIndexed fails the test unless the full-text index is the same as an index rebuilt
// from the meetings.
func wantIndexed(t testing.TB, dataDir string) {
	t.Helper()
	db := enginetest.Connect(t, dataDir)
	defer db.Close()
	db.SetMaxOpenConns(1) // temporary tables exist only on the connection that created them
	made := indexing(t, "0005_search.sql", "DROP TABLE meetings_fts;") + indexing(t, "0006_search_fold.sql", "-- +goose Up") + indexing(t, "0011_search_words.sql", "-- what was replaced, so that this takes no longer than the meetings it is about.")
	for _, statement := range []string{strings.NewReplacer(" INTO meetings_fts (meetings_fts)", " INTO temp.fresh (fresh)", " TABLE meetings_fts", " TABLE temp.fresh", " INTO meetings_fts", " INTO temp.fresh").Replace(made),
		`CREATE VIRTUAL TABLE temp.have USING fts5vocab(main, meetings_fts, instance)`,
		`CREATE VIRTUAL TABLE temp.want USING fts5vocab(temp, fresh, instance)`,
	} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	for what, q := range map[string]string{
		"lacks":     `SELECT coalesce(group_concat(doc || ' ' || col || ' ' || term, ', '), '') FROM (SELECT * FROM temp.want EXCEPT SELECT * FROM temp.have)`,
		"still has": `SELECT coalesce(group_concat(doc || ' ' || col || ' ' || term, ', '), '') FROM (SELECT * FROM temp.have EXCEPT SELECT * FROM temp.want)`,
	} {
		var terms string
		if err := db.QueryRow(q).Scan(&terms); err != nil {
			t.Fatal(err)
		}
		if terms != "" {
			t.Errorf("the index %s %s: see Index in store/listing/index.go", what, terms)
		}
	}
}

// indexing returns the part of a migration that follows the given line.
func indexing(t testing.TB, migration, after string) string {
	t.Helper()
	text, err := fs.ReadFile(migrations.FS, migration)
	if err != nil {
		t.Fatal(err)
	}
	_, statements, found := strings.Cut(string(text), after)
	if !found {
		t.Fatalf("%s has no %s", migration, after)
	}
	return statements
}
