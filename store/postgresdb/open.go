// Package postgresdb opens connections to the desk's PostgreSQL database and brings its
// schema up to date. Package store contains the queries for the desk's records.
package postgresdb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// connectTimeout is the time limit for one attempt to connect, unless the address sets
// connect_timeout.
const connectTimeout = 10 * time.Second

// Address is the location of a database, with the settings for connecting to it.
type Address struct{ config *pgx.ConnConfig }

// Parse parses an address of the form postgres://user:password@host:port/database, with
// libpq parameters such as sslmode. The error never contains the password.
func Parse(address string) (Address, error) {
	if !strings.HasPrefix(address, "postgres://") && !strings.HasPrefix(address, "postgresql://") {
		return Address{}, fmt.Errorf("the address of a database begins with postgres://")
	}
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return Address{}, err
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "meetdesk"
	}
	config.DialFunc = dial
	config.BuildContextWatcherHandler = closeAfter(outcomeDelay)
	return Address{config}, nil
}

// String returns the names of the database and its server for logs and messages, without
// the user and the password.
func (a Address) String() string {
	return fmt.Sprintf("%s on %s port %d", a.config.Database, a.config.Host, a.config.Port)
}

// OpenWriter returns a pool with one connection, for transactions that take LockWriter's
// lock. A transaction that waits for the lock does not block the other pools.
func (a Address) OpenWriter() *sql.DB { return a.pool(1) }

// OpenAside returns a pool with a few connections, for writes that do not need
// LockWriter's lock.
func (a Address) OpenAside() *sql.DB { return a.pool(4) }

// cleaning is a connector whose connections accept any text. They replace U+0000 and
// invalid UTF-8 in external input, because PostgreSQL, unlike SQLite, rejects both.
type cleaning struct{ driver.Connector }

func (c cleaning) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return cleaningConn{conn.(*stdlib.Conn)}, nil
}

type cleaningConn struct{ *stdlib.Conn }

// CheckNamedValue converts a parameter as database/sql does by default, and replaces text
// that PostgreSQL rejects. It also accepts []int64 and []string, for use with ANY.
func (cleaningConn) CheckNamedValue(v *driver.NamedValue) (err error) {
	switch list := v.Value.(type) {
	case []int64:
		return nil
	case []string:
		for i := range list {
			list[i] = Clean(list[i])
		}
		return nil
	}
	if v.Value, err = driver.DefaultParameterConverter.ConvertValue(v.Value); err != nil {
		return err
	}
	if text, ok := v.Value.(string); ok {
		v.Value = Clean(text)
	}
	return nil
}

// Clean replaces U+0000 and invalid UTF-8, which PostgreSQL rejects, with U+FFFD.
func Clean(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}
