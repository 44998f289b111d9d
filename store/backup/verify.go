package backup

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"meetdesk/migrations"
	"meetdesk/store/listing"
	"meetdesk/store/sqlitedb"
)

// Report describes the contents of a database.
type Report struct {
	Path        string    `json:"path"`
	Bytes       int64     `json:"bytes"`
	Schema      int       `json:"schema"`
	Program     string    `json:"program"` // the version of the program that created the database or last upgraded it; "" before schema 24
	Meetings    int       `json:"meetings"`
	People      int       `json:"people"`
	Attempts    int       `json:"attempts"`
	Audit       int       `json:"audit"`
	Sessions    int       `json:"sessions"`
	LastAttempt time.Time `json:"lastAttempt,omitzero"`

	Index listing.Compared `json:"index,omitzero"` // zero if no words of the full-text index were compared; see Verify
}

// Verify checks the database's pages, indexes and references. If the database has this
// program's schema, Verify also compares the full-text index with the tables; see
// listing.CheckIndex. The database may be in use. The error describes the first problems
// found.
func Verify(ctx context.Context, path string) (r Report, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return r, err
	}
	if info.Size() == 0 {
		return r, fmt.Errorf("%s is empty", path)
	}
	db, err := sqlitedb.OpenFile(path)
	if err != nil {
		return r, err
	}
	defer db.Close()
	c, err := db.Conn(ctx)
	if err != nil {
		return r, fmt.Errorf("%s: %w", path, err)
	}
	defer c.Close()                                        // db.Close then closes the connection, which ends the transaction
	if _, err := c.ExecContext(ctx, `BEGIN`); err != nil { // all checks read one snapshot
		return r, fmt.Errorf("%s: %w", path, err)
	}
	damages, err := damagesIn(ctx, c)
	r = Report{Path: path, Bytes: info.Size()}
	if err == nil && len(damages) == 0 {
		err = r.count(ctx, c)
	}
	if err == nil && len(damages) == 0 && r.Schema == migrations.Latest() {
		damages, r.Index, err = listing.CheckIndex(ctx, c)
	}
	switch {
	case err != nil:
		return Report{}, fmt.Errorf("%s: %w", path, err)
	case len(damages) > 0:
		return Report{}, fmt.Errorf("%s is damaged: %s", path, strings.Join(damages, "; "))
	}
	return r, nil
}

func damagesIn(ctx context.Context, c *sql.Conn) (damages []string, err error) {
	for _, q := range []string{
		`PRAGMA integrity_check(5)`,
		`SELECT 'a row of ' || "table" || ' refers to no row of ' || parent FROM pragma_foreign_key_check LIMIT 5`,
	} {
		texts, err := sqlitedb.Texts(ctx, c, q)
		if err != nil {
			return nil, err
		}
		damages = append(damages, texts...)
	}
	return slices.DeleteFunc(damages, func(text string) bool { return text == "ok" }), nil
}

func (r *Report) count(ctx context.Context, c *sql.Conn) error {
	var last sql.NullInt64
	const q = `SELECT (SELECT max(version_id) FROM goose_db_version), (SELECT count(*) FROM meetings), (SELECT count(*) FROM users),
		(SELECT count(*) FROM attempts), (SELECT count(*) FROM audit), (SELECT count(*) FROM sessions), (SELECT max(created_at) FROM attempts)`
	if err := c.QueryRowContext(ctx, q).Scan(&r.Schema, &r.Meetings, &r.People, &r.Attempts, &r.Audit, &r.Sessions, &last); err != nil {
		return err
	}
	if last.Valid {
		r.LastAttempt = time.UnixMilli(last.Int64).UTC()
	}
	const upgrade = `SELECT program FROM upgrades ORDER BY schema DESC LIMIT 1`
	if err := c.QueryRowContext(ctx, upgrade).Scan(&r.Program); err != nil {
		r.Program = "" // older schemas have no such table
	}
	return nil
}

// String returns the report as text, with one item per line.
func (r Report) String() string {
	index := "words not compared: meetings are queued to be indexed again"
	switch {
	case r.Schema != migrations.Latest():
		index = fmt.Sprintf("words not compared: only schema %d is", migrations.Latest())
	case r.Index.Meetings == r.Meetings:
		index = fmt.Sprintf("%d words of all meetings compared", r.Index.Words)
	}
	return r.contents() + "  index         " + index + "\n  damage        none found\n"
}

func (r Report) contents() string {
	last := "none"
	if !r.LastAttempt.IsZero() {
		last = r.LastAttempt.Format(time.RFC3339)
	}
	return fmt.Sprintf("%s\n  size          %d bytes\n  schema        %d\n  meetings      %d\n  people        %d\n  attempts      %d\n  audit entries %d\n  sessions      %d\n  last attempt  %s\n",
		r.Path, r.Bytes, r.Schema, r.Meetings, r.People, r.Attempts, r.Audit, r.Sessions, last)
}
