package store_test

import (
	"net"
	"strings"
	"sync"
	"testing"

	"meetdesk/store/postgrestest"
)

// proxy forwards connections to a server. It can discard the server's response to a COMMIT
// and drop the connection.
type proxy struct {
	address string
	server  string

	listener  net.Listener
	mu        sync.Mutex
	down      bool
	armed     bool
	swallowed bool
	open      []net.Conn
}

func newProxy(t *testing.T, address string) *proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	direct := postgrestest.OverTCP(address, "postgres", "", "sslmode=disable")
	host := direct[strings.Index(direct, "@")+1 : strings.LastIndex(direct, "/")]
	p := &proxy{address: strings.Replace(direct, host, "127.0.0.1:"+port, 1), server: host, listener: listener}
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			p.mu.Lock()
			if p.down {
				client.Close()
			}
			p.open = append(p.open, client)
			p.mu.Unlock()
			go p.pass(client)
		}
	}()
	return p
}

func (p *proxy) close() {
	p.listener.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.open {
		c.Close()
	}
}

// setDown(true) drops all connections, including new ones. After setDown(false), new
// connections work again.
func (p *proxy) setDown(down bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down = down
	for _, c := range p.open {
		c.Close()
	}
}

func (p *proxy) loseNextCommit() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.armed = true
}

func (p *proxy) lost() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.swallowed
}

// loses reports whether the proxy must discard the response to the data that the client
// sent.
func (p *proxy) loses(sent []byte) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.armed || !strings.Contains(string(sent), "commit") {
		return false
	}
	p.armed, p.swallowed = false, true
	return true
}

func (p *proxy) pass(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", p.server)
	if err != nil {
		return
	}
	defer server.Close()
	var (
		mu   sync.Mutex
		lose bool
	)
	go func() {
		defer server.Close()
		buffer := make([]byte, 64<<10)
		for {
			n, err := client.Read(buffer)
			if n > 0 {
				mu.Lock()
				lose = lose || p.loses(buffer[:n])
				mu.Unlock()
				if _, err := server.Write(buffer[:n]); err != nil {
					return
				}
			}
			if err != nil {
				return
			}
		}
	}()
	buffer := make([]byte, 64<<10)
	for {
		n, err := server.Read(buffer)
		mu.Lock()
		ends := lose
		mu.Unlock()
		if err != nil || ends {
			return
		}
		if _, err := client.Write(buffer[:n]); err != nil {
			return
		}
	}
}
