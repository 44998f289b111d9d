package postgresdb_test

import (
	"testing"

	"meetdesk/store/postgresdb"
	"meetdesk/store/postgrestest"
)

// A desk stays ready after a newer program has upgraded the database.
func TestReadyNeedsTheSchema(t *testing.T) {
	t.Parallel()
	const newer = `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)`
	for name, statement := range map[string]string{
		"newer": newer,
		"older": `DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)`,
		"none":  `DROP TABLE goose_db_version`,
	} {
		db := parse(t, postgrestest.New(t)).OpenWriter()
		defer db.Close()
		if err := postgresdb.CheckSchema(t.Context(), db); err != nil {
			t.Fatal(err)
		}
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
		if err := postgresdb.CheckSchema(t.Context(), db); (err == nil) != (statement == newer) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
