package server

import (
	"container/list"
	"net"
	"net/http"
	"sync"
	"syscall"

	"golang.org/x/net/netutil"
)

// capacity limits how much the server handles at once.
type capacity struct {
	connections int // the maximum number of connections; further ones wait until one is closed
	requests    int // the maximum number of requests; the server answers further ones with status 503
}

// The largest capacity, and the number of files that are reserved for the database, the
// log and sign-in. A thousand connections take about 30 MB of memory. Each request may
// need another file, for a connection to Microsoft.
const (
	maxConnections = 1000
	maxRequests    = 200
	reservedFiles  = 64
)

// capacityFor returns the capacity of a process that may open the given number of files.
func capacityFor(files uint64) capacity {
	if files > maxConnections+maxRequests+reservedFiles {
		return capacity{maxConnections, maxRequests}
	}
	spare := max(int(files)-reservedFiles, 6)
	requests := min(spare/3, maxRequests)
	return capacity{connections: spare - requests, requests: requests}
}

// ownCapacity returns the capacity that this process's limit on open files
// allows.
func ownCapacity() capacity {
	var files syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files); err != nil {
		return capacityFor(1024)
	}
	return capacityFor(files.Cur)
}

// limitListener returns a listener that accepts at most n connections at a time.
func limitListener(l net.Listener, n int) net.Listener { return netutil.LimitListener(l, n) }

// connections tracks a server's connections and closes idle ones if too many are open.
type connections struct {
	many int // if more connections are open, each new one closes the one that has been idle the longest

	mu     sync.Mutex
	open   int
	unused map[net.Conn]bool          // connections on which no request has arrived yet
	idle   map[net.Conn]*list.Element // the element of order for each idle connection
	order  list.List                  // idle connections, as net.Conn; the one that has been idle the longest is at the front
}

// watchConnections keeps idle connections from using up the n connections that the server
// accepts. If more than three quarters of them are open, each new connection closes the
// one that has been idle the longest. A shutdown closes unused connections, because
// otherwise Shutdown would wait several seconds for them.
func watchConnections(server *http.Server, n int) {
	c := &connections{many: n * 3 / 4, unused: make(map[net.Conn]bool), idle: make(map[net.Conn]*list.Element)}
	server.ConnState = c.changed
	server.RegisterOnShutdown(func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		for conn := range c.unused {
			conn.Close()
		}
	})
}

func (c *connections) changed(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.unused, conn)
	if e := c.idle[conn]; e != nil {
		c.order.Remove(e)
		delete(c.idle, conn)
	}
	switch state {
	case http.StateNew:
		c.unused[conn] = true
		if c.open++; c.open > c.many && c.order.Len() > 0 {
			c.order.Front().Value.(net.Conn).Close()
		}
	case http.StateIdle:
		c.idle[conn] = c.order.PushBack(conn)
	case http.StateClosed, http.StateHijacked:
		c.open--
	}
}
