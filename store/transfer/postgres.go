package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"meetdesk/store/listing"
	"meetdesk/store/postgresdb"
)

type postgres struct {
	address postgresdb.Address
	name    string
	db      *sql.DB
	locks   *postgresdb.Locks
}

func (p *postgres) connections() *sql.DB { return p.db }

func (p *postgres) index() listing.Index { return listing.PostgresIndex() }

func (p *postgres) openSource(ctx context.Context) error {
	schema, known, err := p.reach(ctx)
	if err != nil {
		return err
	}
	if schema != known {
		return oldSchema(schema, known)
	}
	if err := p.address.CheckComplete(ctx, p.db); err != nil {
		return err
	}
	return p.stillAlone(ctx)
}

// reach connects to the database and locks it against other copies until Close. It returns
// the database's schema and the newest schema that this program supports.
func (p *postgres) reach(ctx context.Context) (schema, known int64, err error) {
	if err := p.address.Wait(ctx, waitLimit, quiet); err != nil {
		return 0, 0, err
	}
	p.db = p.address.OpenAside()
	locks := p.address.OpenLocks()
	p.locks = &locks
	waiting, stop := context.WithTimeout(ctx, time.Second)
	defer stop()
	if _, err := locks.Lock(waiting, "copy"); err != nil {
		return 0, 0, fmt.Errorf("%s is being copied by another program: %w", p.name, err)
	}
	return p.address.Schema(ctx)
}

func (p *postgres) openTarget(ctx context.Context, source, program string) error {
	schema, _, err := p.reach(ctx)
	if err != nil {
		return err
	}
	marked, err := p.has(ctx, markTable)
	if err != nil {
		return err
	}
	if schema > 0 && !marked {
		if err := p.checkEmpty(ctx); err != nil {
			return err
		}
	}
	if err := p.address.Migrate(ctx, program, quiet); err != nil {
		return err
	}
	if err := p.stillAlone(ctx); err != nil {
		return err
	}
	return markTarget(ctx, p, source)
}

func (p *postgres) has(ctx context.Context, table string) (exists bool, err error) {
	err = p.db.QueryRowContext(ctx, `SELECT to_regclass($1::text) IS NOT NULL`, table).Scan(&exists)
	return exists, err
}

// checkEmpty returns an error if any of the tables to be copied contains a row. It ignores
// tables that have exactly one row in every database.
func (p *postgres) checkEmpty(ctx context.Context) error {
	for _, t := range tables {
		if t.keys == nil {
			continue
		}
		exists, err := p.has(ctx, t.name)
		if err == nil && exists {
			err = p.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM `+t.name+`)`).Scan(&exists)
		}
		if err != nil {
			return err
		}
		if exists {
			return fmt.Errorf("%s is not empty: its table %s has rows; a copy needs an empty database", p.name, t.name)
		}
	}
	return nil
}

func (p *postgres) insert(ctx context.Context, t table, columns []string, rows [][]any) error {
	var types []*sql.ColumnType
	err := p.look(ctx, t, columns, func(r *sql.Rows) (err error) {
		types, err = r.ColumnTypes()
		return err
	})
	if err != nil {
		return err
	}
	for i, column := range types {
		if column.DatabaseTypeName() != "BOOL" {
			continue
		}
		for _, row := range rows {
			row[i] = row[i] == int64(1)
		}
	}
	return postgresdb.Insert(ctx, p.db, t.name, columns, rows)
}

func (p *postgres) look(ctx context.Context, t table, columns []string, do func(*sql.Rows) error) error {
	rows, err := p.db.QueryContext(ctx, `SELECT `+list(columns)+` FROM `+t.name+` LIMIT 0`)
	if err != nil {
		return err
	}
	defer rows.Close()
	return errors.Join(do(rows), rows.Err())
}

func (p *postgres) lowestIndexed() string { return `SELECT min(meeting_id) FROM meetings_fts` }

func (p *postgres) lastNumbers(ctx context.Context) (map[string]int64, error) {
	last := make(map[string]int64)
	for _, name := range numbered() {
		q := `SELECT greatest(coalesce(pg_sequence_last_value(pg_get_serial_sequence($1::text, 'id')), 0), coalesce((SELECT max(id) FROM ` + name + `), 0))`
		var n int64
		if err := p.db.QueryRowContext(ctx, q, name).Scan(&n); err != nil {
			return nil, err
		}
		last[name] = n
	}
	return last, nil
}

func (p *postgres) setLastNumbers(ctx context.Context, last map[string]int64) error {
	for name, n := range last {
		if n == 0 {
			continue
		}
		if _, err := p.db.ExecContext(ctx, `SELECT setval(pg_get_serial_sequence($1::text, 'id'), $2::bigint)`, name, n); err != nil {
			return err
		}
	}
	return nil
}

func (p *postgres) stillAlone(ctx context.Context) error { return p.address.CheckNoDesk(ctx, p.db) }

func (p *postgres) complete(ctx context.Context) error {
	// Without the VACUUM, the first desk would have to write each page that it reads for the
	// first time. A parallel one needs up to maintenance_work_mem of shared memory, which is
	// more than a container has by default.
	for _, q := range []string{`VACUUM (PARALLEL 0)`, `DROP TABLE ` + markTable + `, ` + laterTable} {
		if _, err := p.db.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("%s: %w", q, err)
		}
	}
	return nil
}

func (p *postgres) Close() error {
	var errs []error
	if p.locks != nil {
		errs = append(errs, p.locks.Close())
	}
	if p.db != nil {
		errs = append(errs, p.db.Close())
	}
	return errors.Join(errs...)
}
