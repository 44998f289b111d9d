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

// ProgressInterval is the interval between an upgrade's progress reports.
const ProgressInterval = 5 * time.Second

// Progress describes the progress of one upgrade step.
type Progress struct {
	Step      string        // the name of the migration, or "backup"
	Table     string        // the table being written; "" if there is none
	Done, All int64         // rows of the table, or pages of the backup; All is an estimate, or 0 if unknown
	Elapsed   time.Duration // since the step began
}

// Left estimates the remaining time of the step from its speed so far. ok is false if there
// is no estimate.
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

// rowCounter counts the rows that the current step of an upgrade has written to the current
// table. It uses a pre-update hook, because a single statement may write a whole table.
// CREATE INDEX does not call the hook.
type rowCounter struct {
	sizes map[string]int64 // the estimated number of rows in each table before the upgrade

	mu    sync.Mutex
	step  string
	began time.Time
	table string
	done  int64
}

func (c *rowCounter) begin(step string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.step, c.began, c.table, c.done = step, time.Now(), "", 0
}

// count is called by SQLite for each row that a statement changes.
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

// estimate uses the highest row ID of each table as its row count, because counting the
// rows would read the whole file.
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
