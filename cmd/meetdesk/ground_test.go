package main

import (
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"meetdesk/emulator"
	"meetdesk/server"
	"meetdesk/testenv"
)

// ground is the environment of a desk under test. It outlives the desk, so a test can stop
// and restart the desk.
type ground struct {
	t         *testing.T
	emulator  *emulator.Emulator
	broken    *unreliable // the proxy between the desk and the emulator
	microsoft string      // the URL of the proxy
	addr      string
	site      *url.URL
	dir       string   // the data directory
	settings  []string // the desk's environment
	logged    *text    // the log of the applications that app creates
}

func newGround(t *testing.T) *ground {
	t.Helper()
	return newGroundIn(t, t.TempDir())
}

func newGroundIn(t *testing.T, dir string) *ground {
	t.Helper()
	g := &ground{t: t, addr: testenv.FreeAddress(t), dir: dir, logged: new(text)}
	g.site = &url.URL{Scheme: "http", Host: strings.Replace(g.addr, "127.0.0.1", "localhost", 1)}
	g.emulator, g.broken, g.microsoft = unreliableMicrosoft(t, g.site.String())
	g.settings = []string{
		"MEETDESK_URL=" + g.site.String(), "MEETDESK_ADDR=" + g.addr, "MEETDESK_DATA=" + g.dir,
		"MEETDESK_TENANT_ID=" + emulator.DefaultTenant, "MEETDESK_CLIENT_ID=" + emulator.DefaultClientID, "MEETDESK_CLIENT_SECRET=secret",
		"MEETDESK_SESSION_KEYS=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
		"MEETDESK_ISSUER=" + g.emulator.Issuer(), "MEETDESK_GRAPH_URL=" + g.microsoft, "MEETDESK_ALLOW_EMULATOR=1",
	}
	return g
}

// serve starts the desk in a separate process and waits until it accepts connections.
func (g *ground) serve(more ...string) *process {
	g.t.Helper()
	p := start(g.t, append(g.settings, more...), "serve")
	p.line("listening")
	return p
}

// sent returns the number of requests with a token that have reached Graph. This leaves out
// the request that the desk sends at startup.
func (g *ground) sent() (n int) {
	for _, r := range g.emulator.Requests() {
		if r.Header.Get("Authorization") != "" {
			n++
		}
	}
	return n
}

// app creates the application in this process, without a server.
func (g *ground) app() *server.App {
	g.t.Helper()
	c, err := readConfig(g.settings)
	if err != nil {
		g.t.Fatal(err)
	}
	a, err := server.New(g.t.Context(), c.settings(slog.New(slog.NewTextHandler(g.logged, nil))))
	if err != nil {
		g.t.Fatal(err)
	}
	return a
}

func (g *ground) visitor(upn string) *visitor {
	g.t.Helper()
	v := newVisitor(g.site)
	if err := v.SignIn(g.t.Context(), upn); err != nil {
		g.t.Fatal(err)
	}
	return v
}
