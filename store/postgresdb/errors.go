package postgresdb

import (
	"context"
	"crypto/x509"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// The SQLSTATE codes and classes that the desk distinguishes.
const (
	foreignKey         = "23503"
	wrongPassword      = "28P01"
	wrongAuthorization = "28000" // pg_hba.conf rejects the role, the database or a connection without TLS
	noDatabase         = "3D000"
	noPermission       = "42501"
	readOnly           = "25006"
	tooManyConnections = "53300"
	classResources     = "53" // disk full, out of memory, too many connections
	classConnection    = "08"
	classOperator      = "57P" // shutting down, starting up, crashed
	classSystem        = "58"  // disk errors
	damagedData        = "XX001"
	damagedIndex       = "XX002"
	lockTimeout        = "55P03"
	deadlock           = "40P01"
)

// isLocked reports whether a statement failed because of a lock timeout or a deadlock.
func isLocked(err error) bool { return slices.Contains([]string{lockTimeout, deadlock}, code(err)) }

// IsForeignKey reports whether a statement failed because it would violate a foreign key.
func IsForeignKey(err error) bool { return code(err) == foreignKey }

// IsDamaged reports whether a statement failed because the server found damaged data.
func IsDamaged(err error) bool {
	return slices.Contains([]string{damagedData, damagedIndex}, code(err))
}

// IsUnwritable reports whether the server can be reached but cannot write, for example
// because its disk is full or it is a standby.
func IsUnwritable(err error) bool {
	state := code(err)
	return !IsUnreachable(err) && (state == readOnly || strings.HasPrefix(state, classResources) || strings.HasPrefix(state, classSystem))
}

// IsUnreachable reports whether the server cannot be reached, refuses the connection, or
// is not ready, for example because it is starting.
func IsUnreachable(err error) bool {
	if state := code(err); state != "" {
		return slices.Contains([]string{wrongPassword, wrongAuthorization, noDatabase, tooManyConnections}, state) ||
			strings.HasPrefix(state, classConnection) || strings.HasPrefix(state, classOperator)
	}
	return isDisconnected(err)
}

func isDisconnected(err error) bool {
	var (
		connect *pgconn.ConnectError
		network net.Error
	)
	return errors.As(err, &connect) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) ||
		errors.As(err, &network) && !errors.Is(err, context.DeadlineExceeded)
}

// code returns the SQLSTATE of an error from the server, or "" for any other error.
func code(err error) string {
	var failed *pgconn.PgError
	if errors.As(err, &failed) {
		return failed.Code
	}
	return ""
}

// OpenError means that a database cannot be opened. Its text is one sentence that describes
// the problem and, in most cases, how to solve it.
type OpenError struct {
	what string
	Kind string // the NAME in the message key "cause.NAME"; "" if there is no such message
	Wait bool   // whether the cause may be temporary
	err  error
}

func (e *OpenError) Error() string { return e.what }

func (e *OpenError) Unwrap() error { return e.err }

// openError wraps an expected error from connecting, or from one of the first statements,
// in an *OpenError. It returns any other error unchanged.
func (a Address) openError(err error) error {
	var (
		where   = "the database " + a.String()
		unknown x509.UnknownAuthorityError
		name    x509.HostnameError
		dns     *net.DNSError
	)
	say := func(kind string, wait bool, format string, args ...any) error {
		return &OpenError{what: where + fmt.Sprintf(format, args...), Kind: kind, Wait: wait, err: err}
	}
	switch state := code(err); {
	case err == nil:
		return nil
	case state == wrongPassword:
		return say("password", false, " refuses the password of the user %s: correct it in the address", a.config.User)
	case state == wrongAuthorization:
		return say("user", false, " does not let the user %s in from this machine: %s", a.config.User, serverMessage(err))
	case state == noDatabase:
		return say("no_database", false, " does not exist: create it, with the user %s as its owner", a.config.User)
	case state == noPermission:
		return say("permission", false, " does not allow the user %s to create tables: make that user its owner (%s)", a.config.User, serverMessage(err))
	case state == readOnly:
		return say("read_only", true, " is read-only: the address leads to a standby, or the server is being moved")
	case state == tooManyConnections:
		return say("connections", true, " has no free connections: raise max_connections, or run fewer desks")
	case isLocked(err):
		return say("", true, " cannot be upgraded while other transactions use its tables: %s", serverMessage(err))
	case strings.HasPrefix(state, classResources):
		return say("server_full", true, " cannot write: %s", serverMessage(err))
	case strings.HasPrefix(state, classOperator):
		return say("not_ready", true, " is not ready: %s", serverMessage(err))
	case errors.As(err, &unknown), errors.As(err, &name):
		return say("authority", false, " has a certificate that is not trusted: %v; set sslrootcert and sslmode in the address", errors.Join(asError(unknown, name, err)))
	case strings.Contains(err.Error(), "server refused TLS connection"):
		return say("no_tls", false, " does not offer TLS: turn it on in the server, or set sslmode=disable in the address if the network is trusted")
	case errors.As(err, &dns) && dns.IsNotFound:
		return say("host", true, " cannot be found: no address is known for the host %s", dns.Name)
	case isDisconnected(err):
		return say("", true, " cannot be reached: %s", lastCause(err))
	}
	return err
}

// asError returns the x509.UnknownAuthorityError in the chain of err, or name if there is
// no such error.
func asError(unknown x509.UnknownAuthorityError, name x509.HostnameError, err error) error {
	if errors.As(err, &unknown) {
		return unknown
	}
	return name
}

// serverMessage returns the server's message without the SQLSTATE. If the error did not
// come from the server, it returns the whole text.
func serverMessage(err error) string {
	var failed *pgconn.PgError
	if errors.As(err, &failed) {
		return failed.Message
	}
	return err.Error()
}

// lastCause returns the text of the innermost error, without the address, which the message
// already contains.
func lastCause(err error) string {
	var network *net.OpError
	if errors.As(err, &network) {
		return network.Err.Error()
	}
	for errors.Unwrap(err) != nil {
		err = errors.Unwrap(err)
	}
	return strings.Join(strings.Fields(err.Error()), " ")
}
