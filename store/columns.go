package store

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"meetdesk/meeting"
)

// column is a column of a table and the Go value that it holds. The value is a
// pointer, or has one of the types below, so one list of columns serves to read a row
// and to write it.
type column struct {
	name  string
	value any
}

// columns are some columns of one table, in the order of a statement.
type columns []column

// of returns the columns' names for a SELECT from the table with this alias.
func (c columns) of(alias string) string {
	names := make([]string, len(c))
	for i := range c {
		names[i] = alias + "." + c[i].name
	}
	return strings.Join(names, ", ")
}

// assignments returns the columns for an UPDATE, with the placeholders from first on.
func (c columns) assignments(first int) string {
	list := make([]string, len(c))
	for i := range c {
		list[i] = c[i].name + " = $" + strconv.Itoa(first+i)
	}
	return strings.Join(list, ", ")
}

// insertInto returns an INSERT of one row.
func (c columns) insertInto(table string) string {
	names, places := make([]string, len(c)), make([]string, len(c))
	for i := range c {
		names[i], places[i] = c[i].name, "$"+strconv.Itoa(i+1)
	}
	return "INSERT INTO " + table + " (" + strings.Join(names, ", ") + ") VALUES (" + strings.Join(places, ", ") + ")"
}

// values returns the columns' values, to scan a row into or to write.
func (c columns) values() []any {
	list := make([]any, len(c))
	for i := range c {
		list[i] = c[i].value
	}
	return list
}

// storedTime is a time in milliseconds UTC, NULL for the zero time.
type storedTime struct{ *time.Time }

func (s storedTime) Scan(value any) error {
	var ms sql.NullInt64
	err := ms.Scan(value)
	*s.Time = fromMillis(ms)
	return err
}

func (s storedTime) Value() (driver.Value, error) { return millis(*s.Time).Value() }

// storedMicros is a duration in microseconds.
type storedMicros struct{ *time.Duration }

func (s storedMicros) Scan(value any) error {
	var n sql.NullInt64
	err := n.Scan(value)
	*s.Duration = time.Duration(n.Int64) * time.Microsecond
	return err
}

func (s storedMicros) Value() (driver.Value, error) { return s.Microseconds(), nil }

// orNull is a value that is NULL in the database when it is zero in Go.
type orNull[T comparable] struct{ value *T }

func (s orNull[T]) Scan(value any) error {
	var v sql.Null[T]
	err := v.Scan(value)
	*s.value = v.V
	return err
}

func (s orNull[T]) Value() (driver.Value, error) {
	var zero T
	if *s.value == zero {
		return nil, nil
	}
	return driver.DefaultParameterConverter.ConvertValue(*s.value)
}

// storedRole is a role by its name.
type storedRole struct{ *meeting.Role }

func (s storedRole) Scan(value any) error {
	name, ok := value.(string)
	if !ok {
		return fmt.Errorf("role: a %T", value)
	}
	*s.Role = meeting.ParseRole(name)
	return nil
}

// storedJSON is a value as JSON text. It is only read through this type.
type storedJSON struct{ value any }

func (s storedJSON) Scan(value any) error {
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf("JSON: a %T", value)
	}
	return json.Unmarshal([]byte(text), s.value)
}
