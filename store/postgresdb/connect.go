package postgresdb

import (
	"context"
	"crypto/tls"
	"database/sql"
	"errors"
	"net"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/stdlib"
)

// silenceLimit is how long the server may be unresponsive before the connection is dropped.
// Without a limit, a desk could take minutes to notice a network failure.
const silenceLimit = 20 * time.Second

// dial connects to the server. The kernel drops the connection if the server acknowledges
// nothing for silenceLimit.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: silenceLimit / 2, Interval: silenceLimit / 4, Count: 2},
		Control:         limitSilence,
	}
	return d.DialContext(ctx, network, address)
}

// tcpUserTimeout is Linux's socket option TCP_USER_TIMEOUT, which limits how long sent data
// may remain unacknowledged. During that time, Linux sends no keep-alive packets.
const tcpUserTimeout = 18

func limitSilence(network, _ string, conn syscall.RawConn) (err error) {
	if runtime.GOOS != "linux" || !strings.HasPrefix(network, "tcp") {
		return nil
	}
	controlled := conn.Control(func(fd uintptr) {
		err = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, int(silenceLimit.Milliseconds()))
	})
	return errors.Join(controlled, err)
}

// pool returns a pool of connections that accept any text (see cleaning) and are checked
// before they are reused (see mustPing).
func (a Address) pool(connections int, options ...stdlib.OptionOpenDB) *sql.DB {
	db := sql.OpenDB(cleaning{stdlib.GetConnector(*a.config, append(options, stdlib.OptionShouldPing(mustPing))...)})
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db
}

// mustPing reports whether the pool must ping the server before it reuses the connection.
// If the ping fails, for example after a server restart, the pool opens a new connection.
func mustPing(_ context.Context, p stdlib.ShouldPingParams) bool {
	return p.IdleDuration > time.Second || hasNews(p.Conn.PgConn().Conn())
}

// hasNews reports whether the server has sent data on the idle connection or has closed it.
// It returns true if it cannot tell. It does not block.
func hasNews(conn net.Conn) bool {
	if encrypted, ok := conn.(*tls.Conn); ok {
		conn = encrypted.NetConn()
	}
	socket, ok := conn.(syscall.Conn)
	if !ok {
		return true
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return true
	}
	var received error
	// Unlike Read, Control does not block while pgx is still reading in the background
	// after a slow write.
	err = raw.Control(func(fd uintptr) {
		_, _, received = syscall.Recvfrom(int(fd), make([]byte, 1), syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
	})
	return err != nil || !errors.Is(received, syscall.EAGAIN)
}
