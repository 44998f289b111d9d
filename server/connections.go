package server

import (
	"container/list"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"

	"golang.org/x/net/netutil"
)

type capacity struct {
	connections int // the maximum number of connections; further ones wait until one is closed
	requests    int // the maximum number of requests; the server answers further ones with status 503
}

// The maximum capacity, and the number of open files that are reserved for the database,
// the log and sign-in. A thousand connections take about 30 MB of memory. Each request may
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

func ownCapacity() capacity {
	var files syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files); err != nil {
		return capacityFor(1024)
	}
	return capacityFor(files.Cur)
}

func limitListener(l net.Listener, n int) net.Listener { return netutil.LimitListener(l, n) }

// silence is how long a connection may wait for its first request while too many
// connections are open.
const silence = time.Second

// connections tracks the connections of a server and closes waiting ones if too many are
// open.
type connections struct {
	many int // the number of open connections above which waiting ones are closed

	mu     sync.Mutex
	open   map[net.Conn]*list.Element // the connection's element in one of the lists below; nil while a request is being answered
	idle   list.List                  // connections waiting for another request, longest idle first
	unused list.List                  // connections waiting for their first request, oldest first
	timed  bool                       // whether makeRoom is scheduled to run again
}

// waiting is an element of the idle list or the unused list.
type waiting struct {
	net.Conn
	since time.Time
}

// watchConnections prevents inactive connections from using up the server's limit of n
// connections. While more than three quarters of the limit are in use, it closes idle
// connections, longest idle first. If no connection is idle, it closes connections that
// have waited at least a second for their first request. A shutdown closes unused
// connections, because Shutdown would otherwise wait several seconds for them.
func watchConnections(server *http.Server, n int) {
	c := &connections{many: n * 3 / 4, open: make(map[net.Conn]*list.Element)}
	server.ConnState = c.changed
	server.RegisterOnShutdown(func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		for c.unused.Len() > 0 {
			c.close(&c.unused)
		}
	})
}

func (c *connections) changed(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, isOpen := c.open[conn]
	if e != nil {
		c.idle.Remove(e) // does nothing if the element is in the other list
		c.unused.Remove(e)
	}
	switch {
	case state == http.StateNew:
		c.open[conn] = c.unused.PushBack(waiting{conn, time.Now()})
	case !isOpen: // the connection is already closed, but its last request was still running
	case state == http.StateActive:
		c.open[conn] = nil
	case state == http.StateIdle:
		c.open[conn] = c.idle.PushBack(waiting{conn, time.Now()})
	default:
		delete(c.open, conn)
	}
	c.makeRoom()
}

// makeRoom closes connections while too many are open. If the remaining connections have
// not been silent for long enough, makeRoom schedules another run. The caller must hold
// the lock.
func (c *connections) makeRoom() {
	for len(c.open) > c.many {
		if c.idle.Len() > 0 {
			c.close(&c.idle)
			continue
		}
		oldest := c.unused.Front()
		if oldest == nil {
			return
		}
		wait := silence - time.Since(oldest.Value.(waiting).since)
		if wait <= 0 {
			c.close(&c.unused)
			continue
		}
		if !c.timed {
			c.timed = true
			time.AfterFunc(wait, func() {
				c.mu.Lock()
				defer c.mu.Unlock()
				c.timed = false
				c.makeRoom()
			})
		}
		return
	}
}

// close closes the first connection of the list. It also deletes the connection from
// c.open, because the server may report only later that the connection is closed.
func (c *connections) close(from *list.List) {
	conn := from.Remove(from.Front()).(waiting).Conn
	delete(c.open, conn)
	conn.Close()
}
