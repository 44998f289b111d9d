package web_test

import (
	"database/sql"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"meetdesk/migrations"
	"meetdesk/store"
)

// wantIndexed fails the test unless the full-text index holds just what it would
// hold if it were made anew from the meetings.
func wantIndexed(t *testing.T, dataDir string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dataDir, store.FileName)+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // for the temporary tables
	migration, err := fs.ReadFile(migrations.FS, "0005_search.sql")
	if err != nil {
		t.Fatal(err)
	}
	_, create, _ := strings.Cut(string(migration), "DROP TABLE meetings_fts;")
	fresh := strings.NewReplacer("CREATE VIRTUAL TABLE meetings_fts", "CREATE VIRTUAL TABLE temp.fresh", "INSERT INTO meetings_fts", "INSERT INTO temp.fresh").Replace(create)
	for _, statement := range []string{fresh,
		`CREATE VIRTUAL TABLE temp.have USING fts5vocab(main, meetings_fts, instance)`,
		`CREATE VIRTUAL TABLE temp.want USING fts5vocab(temp, fresh, instance)`,
	} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	for what, q := range map[string]string{
		"lacks": `SELECT coalesce(group_concat(doc || ' ' || col || ' ' || term, ', '), '') FROM (SELECT * FROM temp.want EXCEPT SELECT * FROM temp.have)`,
		"keeps": `SELECT coalesce(group_concat(doc || ' ' || col || ' ' || term, ', '), '') FROM (SELECT * FROM temp.have EXCEPT SELECT * FROM temp.want)`,
	} {
		var terms string
		if err := db.QueryRow(q).Scan(&terms); err != nil {
			t.Fatal(err)
		}
		if terms != "" {
			t.Errorf("the index %s: %s", what, terms)
		}
	}
}
