package selfcheck

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"io/fs"
	"maps"
	"net"
	"os"
	"syscall"

	"meetdesk/locale"
	"meetdesk/meeting"
	"meetdesk/store/postgresdb"
	"meetdesk/store/sqlitedb"
)

// systemCauses lists common system and network errors. The message key of an error is
// "cause." followed by the name.
var systemCauses = []struct {
	err  error
	name string
}{
	{syscall.ECONNREFUSED, "refused"},
	{syscall.ECONNRESET, "closed"},
	{syscall.EPIPE, "closed"},
	{io.EOF, "closed"},
	{io.ErrUnexpectedEOF, "closed"},
	{syscall.ENETUNREACH, "no_route"},
	{syscall.EHOSTUNREACH, "no_route"},
	{syscall.EADDRNOTAVAIL, "not_here"},
	{syscall.ENOSPC, "full"},
	{syscall.EDQUOT, "full"},
	{syscall.EROFS, "read_only"},
	{syscall.EIO, "disk"},
	{syscall.ENOTDIR, "not_folder"},
	{fs.ErrPermission, "permission"},
	{fs.ErrNotExist, "absent"},
	{os.ErrDeadlineExceeded, "late"},
	{context.DeadlineExceeded, "late"},
}

// cause returns the name of the error's cause, or "" if the cause is not known.
func cause(err error) string {
	var (
		server      *postgresdb.OpenError
		damaged     *sqlitedb.DamagedError
		host        *net.DNSError
		timeout     net.Error
		unknown     x509.UnknownAuthorityError
		name        x509.HostnameError
		certificate x509.CertificateInvalidError
		plain       tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &server) && server.Kind != "":
		return server.Kind
	case errors.As(err, &damaged):
		return "damaged"
	case errors.As(err, &host) && host.IsNotFound:
		return "host"
	case errors.As(err, &unknown):
		return "authority"
	case errors.As(err, &name):
		return "name"
	case errors.As(err, &certificate) && certificate.Reason == x509.Expired:
		return "expired"
	case errors.As(err, &plain):
		return "no_tls"
	}
	for _, c := range systemCauses {
		if errors.Is(err, c.err) {
			return c.name
		}
	}
	if errors.As(err, &timeout) && timeout.Timeout() {
		return "late"
	}
	return ""
}

// explain replaces the error in the Error argument with its cause, in the language of p.
// The original English text follows in parentheses, so that administrators can search for
// it. If the cause is not known, only the English text is used. explain also sets the
// Original argument to the English text, for messages that already name the cause.
func explain(p locale.Printer, args meeting.Args) meeting.Args {
	err, ok := args["Error"].(error)
	if !ok {
		return args
	}
	args = maps.Clone(args)
	args["Error"], args["Original"] = err.Error(), err.Error()
	if name := cause(err); name != "" {
		args["Error"] = p.T("cause."+name) + " (" + err.Error() + ")"
	}
	return args
}
