package testenv

import (
	"errors"
	"math/rand/v2"
	"net"
	"strconv"
	"sync/atomic"
	"testing"
)

// FreeAddress returns a loopback address on which nothing listens. It is for programs that
// need to know their address before they start.
func FreeAddress(t testing.TB) string {
	t.Helper()
	address, err := FindFreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// FreePort returns the port of a FreeAddress.
func FreePort(t testing.TB) string {
	t.Helper()
	_, port, _ := net.SplitHostPort(FreeAddress(t))
	return port
}

// The ports of free addresses. Systems choose higher ports for outgoing connections and
// for listeners on port 0, so none of these takes a port before the program starts.
const (
	firstPort = 10_000
	ports     = 20_000
)

// Ports are handed out in order, so that a process never gets the same one twice. The
// order starts at random, because several test processes run at the same time.
var (
	start = rand.Uint32N(ports)
	given atomic.Uint32
)

// FindFreeAddress is like FreeAddress, for programs that are not tests.
func FindFreeAddress() (address string, err error) {
	for range 100 {
		port := firstPort + (start+given.Add(1))%ports
		l, listenErr := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(int(port))))
		if listenErr == nil {
			return l.Addr().String(), l.Close()
		}
		err = errors.Join(err, listenErr)
	}
	return "", err
}
