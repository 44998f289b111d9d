package postgresdb

import (
	"crypto/tls"
	"net"
	"syscall"
	"testing"
	"time"
)

// The kernel drops a connection to an unresponsive peer, whether or not any data is
// unacknowledged.
func TestSilenceIsLimited(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	conn, err := dial(t.Context(), "tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	raw, err := conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	option := func(level, name int) (value int) {
		t.Helper()
		if err := raw.Control(func(fd uintptr) { value, err = syscall.GetsockoptInt(int(fd), level, name) }); err != nil {
			t.Fatal(err)
		}
		return value
	}
	idle, interval, count := option(syscall.IPPROTO_TCP, syscall.TCP_KEEPIDLE), option(syscall.IPPROTO_TCP, syscall.TCP_KEEPINTVL), option(syscall.IPPROTO_TCP, syscall.TCP_KEEPCNT)
	if limit := int(silenceLimit.Seconds()); option(syscall.SOL_SOCKET, syscall.SO_KEEPALIVE) == 0 || idle+interval*count > limit {
		t.Errorf("without data to acknowledge, the connection breaks after %d s and %d times %d s, want %d s at most", idle, count, interval, limit)
	}
	if got := option(syscall.IPPROTO_TCP, tcpUserTimeout); got != int(silenceLimit.Milliseconds()) {
		t.Errorf("with data to acknowledge, the connection breaks after %d ms, want %s", got, silenceLimit)
	}
}

// hasNews detects unread data and a closed connection, even over TLS.
func TestNewsOnAConnection(t *testing.T) {
	t.Parallel()
	for name, act := range map[string]func(net.Conn){
		"data":   func(c net.Conn) { _, _ = c.Write([]byte("E")) },
		"closed": func(c net.Conn) { c.Close() },
	} {
		conn, server := connected(t)
		encrypted := tls.Client(conn, &tls.Config{MinVersion: tls.VersionTLS12})
		if hasNews(conn) || hasNews(encrypted) {
			t.Errorf("%s: there is news on a quiet connection", name)
		}
		act(server)
		for deadline := time.Now().Add(time.Minute); !hasNews(conn) || !hasNews(encrypted); time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("%s: no news", name)
			}
		}
	}
}

// hasNews does not block while another goroutine reads from the connection.
func TestNewsWhileSomebodyReads(t *testing.T) {
	t.Parallel()
	conn, _ := connected(t)
	go func() { _, _ = conn.Read(make([]byte, 1)) }()
	time.Sleep(10 * time.Millisecond) // let the goroutine begin reading
	checked := make(chan bool, 1)
	go func() { checked <- hasNews(conn) }()
	select {
	case news := <-checked:
		if news {
			t.Error("there is news on a quiet connection")
		}
	case <-time.After(time.Minute):
		t.Error("the check waits for the reader")
	}
}

func connected(t *testing.T) (conn, server net.Conn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if conn, err = dial(t.Context(), "tcp", listener.Addr().String()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if server, err = listener.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return conn, server
}
