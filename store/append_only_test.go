package store_test

import (
	"database/sql"
	"strings"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/enginetest"
	"meetdesk/store/postgrestest"
)

// Outside of retention, the database refuses every statement that changes or deletes an
// audit entry or a reply from Graph.
func TestRepliesAndAuditAreAppendOnly(t *testing.T) {
	db := auditedDatabase(t)
	statements := []string{
		`UPDATE audit SET detail = 'nothing'`, `UPDATE audit SET meeting_id = NULL`, `UPDATE audit SET at = 1`,
		`UPDATE replies SET body = '{}'`, `UPDATE replies SET attempt_id = 1`, `UPDATE replies SET meeting_id = 1`,
		`DELETE FROM audit`, `DELETE FROM audit WHERE id = 1`, `DELETE FROM replies`, `DELETE FROM replies WHERE id = 1`,
		`INSERT INTO audit (id, at, action) SELECT id, 1, 'sign_in' FROM audit WHERE true ON CONFLICT (id) DO UPDATE SET detail = 'nothing'`,
	}
	if postgrestest.Wanted() {
		statements = append(statements, `TRUNCATE audit`, `TRUNCATE replies CASCADE`)
	} else {
		statements = append(statements, `INSERT OR REPLACE INTO audit SELECT id, at, user_id, action, meeting_id, 'nothing', address, count FROM audit`,
			`REPLACE INTO replies SELECT * FROM replies`)
	}
	for _, statement := range statements {
		if _, err := db.Exec(statement); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v, want an error that says append-only", statement, err)
		}
	}
}

// A row in the retention table names another table and a time. It allows rows of that table
// to be deleted if they are older than that time. The row itself must be deleted in the
// transaction that inserted it.
func TestOnlyRetentionDeletes(t *testing.T) {
	db := auditedDatabase(t)
	past, future := time.Now().Add(-time.Hour).UnixMilli(), time.Now().Add(time.Hour).UnixMilli()
	for _, tt := range []struct {
		name, subject string
		before        int64
		statement     string
		keep          bool   // whether the transaction leaves its row in the retention table
		want          string // part of the error; "" if the rows are deleted
	}{
		{"too recent", "audit", past, `DELETE FROM audit`, false, "append-only"},
		{"too recent", "replies", past, `DELETE FROM replies`, false, "append-only"},
		{"the other table", "replies", future, `DELETE FROM audit`, false, "append-only"},
		{"the other table", "audit", future, `DELETE FROM replies`, false, "append-only"},
		{"an update", "audit", future, `UPDATE audit SET detail = ''`, false, "append-only"},
		{"a third table", "meetings", future, `DELETE FROM audit`, false, "check"},
		{"left open", "audit", future, `DELETE FROM audit`, true, "foreign key"},
		{"old enough", "audit", future, `DELETE FROM audit`, false, ""},
		{"old enough", "replies", future, `DELETE FROM replies`, false, ""},
	} {
		t.Run(tt.name+" "+tt.subject, func(t *testing.T) {
			err := inTransaction(db, func(tx *sql.Tx) error {
				if _, err := tx.Exec(`INSERT INTO retention (subject, before) VALUES ($1, $2)`, tt.subject, tt.before); err != nil {
					return err
				}
				if _, err := tx.Exec(tt.statement); err != nil || tt.keep {
					return err
				}
				_, err := tx.Exec(`DELETE FROM retention`)
				return err
			})
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(strings.ToLower(err.Error()), tt.want)) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

// auditedDatabase returns a connection to a database with audit entries and a reply. The
// connection enforces foreign keys, as the store's own connections do.
func auditedDatabase(t *testing.T) *sql.DB {
	t.Helper()
	dir := t.TempDir()
	s := open(t, dir)
	person := signIn(t, s, "one").User
	id := finished(t, s, person, "INC1", meeting.Details{GraphID: "g1"})
	must(t, s.Audit(t.Context(), person.ID, store.AuditMeetingRead, id, ""))
	db := enginetest.Connect(t, dir)
	if !postgrestest.Wanted() {
		db.SetMaxOpenConns(1)
		_, err := db.Exec(`PRAGMA foreign_keys = 1`)
		must(t, err)
	}
	return db
}

func inTransaction(db *sql.DB, do func(*sql.Tx) error) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}
