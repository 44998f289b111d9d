package sqlitedb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"modernc.org/sqlite"
)

// ProgressInterval is how often an upgrade reports its progress.
const ProgressInterval = 5 * time.Second

// Progress describes the progress of an upgrade.
type Progress struct {
	Step      string        // the name of the migration, or "backup"
	Table     string        // the table whose rows are written; "" if none are
	Done, All int64         // rows of the table, or pages of the backup; All is an estimate, and 0 if there is none
	Elapsed   time.Duration // since the step began
}

// Left estimates how much longer the step will take, from its speed so far. ok is false
// if there is no estimate.
func (p Progress) Left() (left time.Duration, ok bool) {
	if p.Done <= 0 || p.All <= p.Done {
		return 0, false
	}
	return time.Duration(float64(p.Elapsed) / float64(p.Done) * float64(p.All-p.Done)), true
}

// Report logs the progress and passes it to onStep, which may be nil.
func (p Progress) Report(log *slog.Logger, onStep func(Progress)) {
	if onStep != nil {
		onStep(p)
	}
	attrs := []any{"step", p.Step}
	if p.Done > 0 {
		if p.Table != "" {
			attrs = append(attrs, "table", p.Table)
		}
		attrs = append(attrs, "done", p.Done)
	}
	if p.All > 0 {
		attrs = append(attrs, "of", p.All)
	}
	attrs = append(attrs, "elapsed", p.Elapsed.Round(time.Second))
	if left, ok := p.Left(); ok {
		attrs = append(attrs, "left", left.Round(time.Second))
	}
	log.Info("the upgrade goes on", attrs...)
}

// rowCounter counts the rows that one step of an upgrade has written to the current table.
// It uses a hook, because SQLite returns only at the end of a statement. CREATE INDEX
// writes no rows, so the count does not change during it.
type rowCounter struct {
	sizes map[string]int64 // rows of each table before the upgrade, estimated

	mu    sync.Mutex
	step  string
	began time.Time
	table string
	done  int64
}

// begin starts a step.
func (c *rowCounter) begin(step string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.step, c.began, c.table, c.done = step, time.Now(), "", 0
}

// count counts a row. SQLite calls count for each row that a statement changes.
func (c *rowCounter) count(change sqlite.SQLitePreUpdateData) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if change.TableName != c.table {
		c.table, c.done = change.TableName, 0
	}
	c.done++
}

func (c *rowCounter) progress() Progress {
	c.mu.Lock()
	defer c.mu.Unlock()
	return Progress{Step: c.step, Table: c.table, Done: c.done, All: c.sizes[c.table], Elapsed: time.Since(c.began)}
}

// open opens the database with connections that count rows.
func (c *rowCounter) open(path string) (*sql.DB, error) {
	connector, err := sqlite.NewConnector(dsn(path))
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	return sql.OpenDB(counting{connector, c}), nil
}

// estimate takes the highest row ID of each table as its number of rows. Counting the rows
// would read the whole file.
func (c *rowCounter) estimate(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	names, err := Texts(ctx, conn, `SELECT name FROM pragma_table_list WHERE type = 'table' AND wr = 0 AND schema = 'main'`)
	if err != nil {
		return err
	}
	c.sizes = make(map[string]int64, len(names))
	for _, name := range names {
		var highest sql.NullInt64
		if err := conn.QueryRowContext(ctx, `SELECT max(rowid) FROM "`+name+`"`).Scan(&highest); err != nil {
			return err
		}
		c.sizes[name] = highest.Int64
	}
	return nil
}

type counting struct {
	driver.Connector
	counter *rowCounter
}

// Connect opens a connection whose changes are counted.
func (c counting) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err == nil {
		conn.(sqlite.HookRegisterer).RegisterPreUpdateHook(c.counter.count)
	}
	return conn, err
}
