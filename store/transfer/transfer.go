// Package transfer copies a desk's data from SQLite to PostgreSQL or back. No desk may use
// either database during the copy.
package transfer

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"time"

	"meetdesk/search"
	"meetdesk/store/listing"
	"meetdesk/store/postgresdb"
)

// Options are the options for Copy.
type Options struct {
	From, To Place
	Program  string                             // the version of this program
	Progress func(what string, done, all int64) // called after each part; may be nil

	chunk int // the maximum number of rows that one transaction copies; 0 is the default
}

// database is the source or the target of a copy.
type database interface {
	// openSource opens the database for reading. It returns an error if a desk is using
	// the database, or if its schema is not the one that this program uses.
	openSource(ctx context.Context) error
	// openTarget prepares an empty database for the copy, or opens an unfinished copy of
	// the same source.
	openTarget(ctx context.Context, source, program string) error
	connections() *sql.DB
	index() listing.Index
	// insert adds the rows to the table in one transaction.
	insert(ctx context.Context, t table, columns []string, rows [][]any) error
	// has reports whether the database has the table.
	has(ctx context.Context, table string) (bool, error)
	// postponeIndexes drops indexes and constraints; see laterTable. build creates one of
	// them again. analyze updates the table statistics if queries need them.
	postponeIndexes(ctx context.Context, tx *sql.Tx) error
	build(ctx context.Context, tx *sql.Tx, definition string) error
	analyze(ctx context.Context) error
	// lowestIndexed returns a query for the lowest meeting ID in the full-text index. The
	// query returns NULL for an empty index.
	lowestIndexed() string
	// lastNumbers returns the last ID that was assigned in each table. setLastNumbers makes
	// the engine assign higher IDs to new rows.
	lastNumbers(ctx context.Context) (map[string]int64, error)
	setLastNumbers(ctx context.Context, last map[string]int64) error
	// stillAlone returns an error if a desk is using the database.
	stillAlone(ctx context.Context) error
	// complete turns the finished copy into a database that a desk may open.
	complete(ctx context.Context) error
	Close() error
}

const markTable = postgresdb.MarkTable

// Report describes what was copied.
type Report struct {
	From   string        `json:"from"`
	To     string        `json:"to"`
	Tables []TableReport `json:"tables"`
}

// TableReport contains the number of rows in a table and their hash, which are the same in
// both databases.
type TableReport struct {
	Name string `json:"name"`
	Rows int64  `json:"rows"`
	Hash string `json:"hash"`
}

// String returns the report as text, with one line for each table.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n→ %s\n", r.From, r.To)
	for _, t := range r.Tables {
		fmt.Fprintf(&b, "  %-18s %10d rows  %.16s\n", t.Name, t.Rows, t.Hash)
	}
	return b.String()
}

// Copy copies a database into an empty one and then compares all rows. Another call with
// the same options continues an interrupted copy.
func Copy(ctx context.Context, o Options) (r Report, err error) {
	if o.From.IsSQLite() == o.To.IsSQLite() {
		return r, errors.New("a copy goes from SQLite to PostgreSQL or back")
	}
	from, to := open(o.From), open(o.To)
	defer func() { err = errors.Join(err, from.Close(), to.Close()) }()
	if err := from.openSource(ctx); err != nil {
		return r, err
	}
	if err := to.openTarget(ctx, o.From.String(), o.Program); err != nil {
		return r, err
	}
	c := copying{from: from, to: to, progress: o.Progress, chunk: cmp.Or(o.chunk, defaultChunk)}
	build := func(fullText bool) func(context.Context) error {
		return func(ctx context.Context) error { return c.buildIndexes(ctx, fullText) }
	}
	r = Report{From: o.From.String(), To: o.To.String()}
	for _, step := range []func(context.Context) error{
		c.copyTables,
		func(ctx context.Context) (err error) { r.Tables, err = c.compare(ctx); return err },
		build(false), to.analyze, c.indexMeetings, build(true), c.copyNumbers, from.stillAlone, to.complete,
	} {
		if err := step(ctx); err != nil {
			return r, errors.Join(ctx.Err(), err)
		}
	}
	return r, nil
}

func open(p Place) database {
	if p.IsSQLite() {
		return &sqlite{dir: p.dir}
	}
	return &postgres{address: p.address, name: p.String()}
}

type copying struct {
	from, to database
	progress func(what string, done, all int64)
	chunk    int
}

func (c copying) report(what string, done, all int64) {
	if c.progress != nil {
		c.progress(what, done, all)
	}
}

// indexChunk is the maximum number of meetings that one transaction adds to the full-text
// index.
const indexChunk = 2_000

// indexMeetings fills the full-text index, newest meetings first. After an interruption, it
// continues below the lowest meeting ID in the index.
func (c copying) indexMeetings(ctx context.Context) error {
	var all, lowest sql.NullInt64
	db := c.to.connections()
	if err := db.QueryRowContext(ctx, `SELECT (SELECT max(id) FROM meetings), (`+c.to.lowestIndexed()+`)`).Scan(&all, &lowest); err != nil {
		return fmt.Errorf("full-text index: %w", err)
	}
	before := int64(math.MaxInt64)
	if lowest.Valid {
		before = lowest.Int64
	}
	for before > 0 {
		err := transact(ctx, db, func(tx *sql.Tx) (err error) {
			if before, err = c.to.index().UpdateChunk(ctx, tx, 0, before, indexChunk); err != nil || before > 0 {
				return err
			}
			_, err = tx.ExecContext(ctx, `UPDATE index_rules SET version = $1`, search.IndexVersion)
			return err
		})
		if err != nil {
			return fmt.Errorf("full-text index: %w", err)
		}
		c.report("full-text index", all.Int64-before, all.Int64)
	}
	return nil
}

// copyNumbers copies the last ID assigned in each table, so that new rows do not reuse
// the IDs of deleted ones.
func (c copying) copyNumbers(ctx context.Context) error {
	last, err := c.from.lastNumbers(ctx)
	if err == nil {
		err = c.to.setLastNumbers(ctx, last)
	}
	if err != nil {
		return fmt.Errorf("last numbers: %w", err)
	}
	return nil
}

// markTarget marks a new target as an unfinished copy of the source, in the transaction that
// prepares it. It returns an error if the target is an unfinished copy of another source.
func markTarget(ctx context.Context, to database, source string) error {
	marked, err := to.has(ctx, markTable)
	if err != nil {
		return err
	}
	if !marked {
		return transact(ctx, to.connections(), func(tx *sql.Tx) error {
			if _, err := tx.ExecContext(ctx, `CREATE TABLE `+markTable+` (source TEXT NOT NULL)`); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO `+markTable+` (source) VALUES ($1)`, source); err != nil {
				return err
			}
			return to.postponeIndexes(ctx, tx)
		})
	}
	postponed, err := to.has(ctx, laterTable)
	if err != nil {
		return err
	}
	if !postponed {
		return errors.New("the target has an unfinished copy that an older version of meetdesk began: empty the target and copy again")
	}
	var earlier string
	if err := to.connections().QueryRowContext(ctx, `SELECT source FROM `+markTable).Scan(&earlier); err != nil {
		return err
	}
	if earlier != source {
		return fmt.Errorf("the target has an unfinished copy of %s: continue that one, or empty the target", earlier)
	}
	return nil
}

func transact(ctx context.Context, db *sql.DB, do func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// waitLimit is the maximum time to wait for the server when a database is opened.
const waitLimit = 10 * time.Second

var quiet = slog.New(slog.DiscardHandler)
