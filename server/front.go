package server

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"meetdesk/locale"
	"meetdesk/paths"
	"meetdesk/static"
	"meetdesk/store/sqlitedb"
	"meetdesk/web"
)

// Front answers requests on the desk's port. Until the site is ready, it responds that
// the desk is starting or that the database is being upgraded.
type Front struct {
	handler  atomic.Pointer[http.Handler]
	server   *http.Server
	draining atomic.Bool // whether the signal to stop has been received
	stop     context.CancelFunc
	ended    chan struct{}
	err      error // the HTTP server's error; set before the ended channel is closed
}

// Open answers requests on the listener in the background. It continues for s.Drain after
// ctx is done. Open sets s.OnUpgrade to show the progress of an upgrade.
func Open(ctx context.Context, listener net.Listener, s *Settings) (*Front, error) {
	catalogue, err := locale.Load()
	if err != nil {
		return nil, err
	}
	files, err := static.New()
	if err != nil {
		return nil, err
	}
	starting := web.NewStarting(web.Config{Static: files, Locale: catalogue, URL: s.URL, Now: s.Now, Log: s.Log})
	s.OnUpgrade = func(p sqlitedb.Progress) {
		left, _ := p.Left()
		starting.Upgrading(left)
	}
	f := &Front{ended: make(chan struct{})}
	f.server = NewHTTPServer(f, s.Log)
	f.Serve(starting)
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	f.stop = stop
	context.AfterFunc(ctx, func() {
		f.draining.Store(true)
		time.AfterFunc(s.Drain, stop)
	})
	go func() {
		defer close(f.ended)
		f.err = ServeUntil(serving, f.server, listener, Grace)
	}()
	return f, nil
}

// Serve sets the handler for subsequent requests to h.
func (f *Front) Serve(h http.Handler) { f.handler.Store(&h) }

// OnShutdown registers a function that is called when the shutdown begins. The function
// should end responses that would outlast the shutdown.
func (f *Front) OnShutdown(do func()) { f.server.RegisterOnShutdown(do) }

// ServeHTTP passes the request to the current handler. After the signal to stop, it
// answers /readyz with status 503.
func (f *Front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if f.draining.Load() && r.URL.Path == paths.Ready {
		http.Error(w, "stopping", http.StatusServiceUnavailable)
		return
	}
	(*f.handler.Load()).ServeHTTP(w, r)
}

// Wait waits for the HTTP server to stop and returns its error.
func (f *Front) Wait() error {
	<-f.ended
	return f.err
}

// Close stops the HTTP server and waits until it has stopped.
func (f *Front) Close() {
	f.stop()
	<-f.ended
}
