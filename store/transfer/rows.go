package transfer

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"meetdesk/store/postgresdb"
)

const defaultChunk = 10_000

// copyTables copies the rows of each table in key order, starting after the last key in
// the target. A table without keys has only one row, which is copied each time.
func (c copying) copyTables(ctx context.Context) error {
	for _, t := range tables {
		copyRows := c.copyTable
		if t.keys == nil {
			copyRows = c.copyOnlyRow
		}
		if err := copyRows(ctx, t); err != nil {
			return fmt.Errorf("copy %s: %w", t.name, err)
		}
	}
	return nil
}

func (c copying) copyTable(ctx context.Context, t table) error {
	var all, done int64
	if err := c.from.connections().QueryRowContext(ctx, `SELECT count(*) FROM `+t.name).Scan(&all); err != nil {
		return err
	}
	where, args, err := t.after(ctx, c.to.connections())
	if err != nil {
		return err
	}
	if where != "" {
		if err := c.to.connections().QueryRowContext(ctx, `SELECT count(*) FROM `+t.name).Scan(&done); err != nil {
			return err
		}
	}
	var part [][]any
	flush := func(columns []string) error {
		if len(part) == 0 {
			return nil
		}
		if err := c.to.insert(ctx, t, columns, part); err != nil {
			return err
		}
		done += int64(len(part))
		part = nil
		c.report(t.name, done, all)
		return nil
	}
	columns, err := t.each(ctx, c.from.connections(), where, args, func(columns []string, row []any) error {
		if part = append(part, row); len(part) < c.chunk {
			return nil
		}
		return flush(columns)
	})
	if err != nil {
		return err
	}
	return flush(columns)
}

// copyOnlyRow copies the table's only row, which already exists in every new database.
func (c copying) copyOnlyRow(ctx context.Context, t table) error {
	_, err := t.each(ctx, c.from.connections(), "", nil, func(columns []string, row []any) error {
		var set []string
		for i, column := range columns {
			set = append(set, fmt.Sprintf("%s = $%d", column, i+1))
		}
		_, err := c.to.connections().ExecContext(ctx, `UPDATE `+t.name+` SET `+list(set), row...)
		return err
	})
	return err
}

// after returns a WHERE clause for the rows whose keys follow the last key in db, or "" if
// db has no rows in this table.
func (t table) after(ctx context.Context, db *sql.DB) (where string, args []any, err error) {
	last, places, targets := make([]any, len(t.keys)), make([]string, len(t.keys)), make([]any, len(t.keys))
	for i := range t.keys {
		targets[i], places[i] = &last[i], fmt.Sprintf("$%d", i+1)
	}
	err = db.QueryRowContext(ctx, `SELECT `+list(t.keys)+` FROM `+t.name+` ORDER BY `+strings.Join(t.keys, " DESC, ")+` DESC LIMIT 1`).Scan(targets...)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil, nil
	}
	return ` WHERE (` + list(t.keys) + `) > (` + list(places) + `)`, last, err
}

// each calls the callback, in key order, for every row that matches the WHERE clause, or
// for all rows if the clause is "". It passes the values in a form that is the same for
// both engines. It returns the sorted column names.
func (t table) each(ctx context.Context, db *sql.DB, where string, args []any, do func(columns []string, row []any) error) (columns []string, err error) {
	if columns, err = t.columns(ctx, db); err != nil {
		return nil, err
	}
	q := `SELECT ` + list(columns) + ` FROM ` + t.name + where
	if t.keys != nil {
		q += ` ORDER BY ` + list(t.keys)
	}
	rows, err := db.QueryContext(ctx, q, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	values, targets := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		targets[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return nil, err
		}
		row := make([]any, len(columns))
		for i, value := range values {
			row[i] = common(value)
		}
		if err := do(columns, row); err != nil {
			return nil, err
		}
	}
	return columns, rows.Err()
}

func list(columns []string) string { return strings.Join(columns, ", ") }

func (t table) columns(ctx context.Context, db *sql.DB) ([]string, error) {
	rows, err := db.QueryContext(ctx, `SELECT * FROM `+t.name+` LIMIT 0`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Sorted(slices.Values(names)), func(name string) bool { return name == notCopiedColumn }), rows.Err()
}

// common converts a value to a form that is the same for both engines.
func common(value any) any {
	switch value := value.(type) {
	case bool:
		if value {
			return int64(1)
		}
		return int64(0)
	case string:
		return postgresdb.Clean(value)
	}
	return value
}

// compare returns a report for each table, or an error if the rows of the two databases
// differ.
func (c copying) compare(ctx context.Context) (list []TableReport, err error) {
	for _, t := range tables {
		var before, after TableReport
		both, ctx := errgroup.WithContext(ctx)
		both.Go(func() (err error) { before, err = t.report(ctx, c.from.connections()); return err })
		both.Go(func() (err error) { after, err = t.report(ctx, c.to.connections()); return err })
		if err := both.Wait(); err != nil {
			return nil, fmt.Errorf("compare %s: %w", t.name, err)
		}
		if before != after {
			return nil, fmt.Errorf("the copy of the table %s differs: it has %d rows, and the original has %d; the original has changed since the copy began, so empty the target and copy again", t.name, after.Rows, before.Rows)
		}
		list = append(list, after)
		c.report("comparison of "+t.name, after.Rows, before.Rows)
	}
	return list, nil
}

func (t table) report(ctx context.Context, db *sql.DB) (TableReport, error) {
	r, h := TableReport{Name: t.name}, sha256.New()
	var text []byte
	_, err := t.each(ctx, db, "", nil, func(_ []string, row []any) (err error) {
		r.Rows++
		text = text[:0]
		for _, value := range row {
			if text, err = appendValue(text, value); err != nil {
				return err
			}
		}
		h.Write(text)
		return nil
	})
	r.Hash = hex.EncodeToString(h.Sum(nil))
	return r, err
}

// appendValue appends the value's type, its length and its text.
func appendValue(text []byte, value any) ([]byte, error) {
	head := func(kind byte, length int) {
		text = binary.BigEndian.AppendUint64(append(text, kind), uint64(length))
	}
	switch value := value.(type) {
	case nil:
		head('n', 0)
	case int64:
		digits := strconv.AppendInt(nil, value, 10)
		head('i', len(digits))
		text = append(text, digits...)
	case string:
		head('t', len(value))
		text = append(text, value...)
	case []byte:
		head('b', len(value))
		text = append(text, value...)
	default:
		return nil, fmt.Errorf("a value has the type %T", value)
	}
	return text, nil
}
