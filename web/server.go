package web

import (
	"bytes"
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/a-h/templ"
	"github.com/klauspost/compress/gzip"

	"meetdesk/auth"
	"meetdesk/desk"
	"meetdesk/form"
	"meetdesk/locale"
	"meetdesk/meeting"
	"meetdesk/selfcheck"
	"meetdesk/static"
	"meetdesk/store"
)

// Config is the configuration of a Server.
type Config struct {
	Desk   *desk.Desk
	Store  *store.Store
	Auth   *auth.Provider
	Static *static.Files
	Locale *locale.Catalogue
	URL    *url.URL // the site's public URL
	Issuer *url.URL // the OpenID Connect provider
	Ticket meeting.TicketRule
	Keys   [][]byte // 32 bytes each; the first one signs and encrypts, and all of them verify and decrypt
	Now    func() time.Time
	Log    *slog.Logger

	SessionIdle    time.Duration  // how long a session may be idle; 0 means 4 hours
	Patience       time.Duration  // how long a browser waits for the response to a form; 0 means the constant Patience
	Limits         []Limit        // nil means DefaultLimits
	MaxRequests    int            // the maximum number of concurrent requests; 0 means 200
	StallLimit     time.Duration  // how long a client may pause while reading an export; 0 means 30 seconds
	TrustedProxies []netip.Prefix // the proxies whose X-Forwarded-For header is trusted to name the client

	// Observe is called after each request with the pattern of its route, or "" if there is
	// none. It may be nil.
	Observe func(ctx context.Context, route string, status int, took time.Duration)

	// SelfCheck runs the configuration checks that administrators can see. It may be nil.
	// Scopes are the scopes that a sign-in requests.
	SelfCheck func(context.Context) []selfcheck.Line
	Scopes    []string

	// LastBackup returns when the newest backup was made, or the zero time if there is
	// none. It is nil if the desk makes no backups.
	LastBackup func() (time.Time, error)

	// Samples returns the sample page for a request under /dev/pages, or nil. Only
	// development builds set Samples; otherwise, these URLs do not exist.
	Samples func(*http.Request) templ.Component
}

// Server is the HTTP handler of the site.
type Server struct {
	Config
	sessions   *sessionStore
	signIns    *signIns
	sent       *sentForms
	checks     checks
	returns    *sealer // seals the return URLs of sign-ins
	identities atomic.Pointer[identities]
	routes     []Route
	columns    form.Columns // the accepted column names of an imported table
	mux        *http.ServeMux
	handler    http.Handler
	strays     *limiter  // limits requests for URLs without a route
	buffers    sync.Pool // contains *bytes.Buffer values
	zips       sync.Pool // contains *gzip.Writer values

	ready    readiness
	inFlight *inFlight
	exports  chan struct{} // one element for each export in progress
	lookUps  *limiter      // limits look-ups of colleagues' meetings by ticket
	waiting  waitingRoom   // requests that took longer than Patience
	stopping chan struct{} // closed when the site shuts down
	stopOnce sync.Once
	told     usedNonces // the attempts whose outcome has already been announced
}

// New returns a Server for the configuration.
func New(c Config) (*Server, error) {
	s := &Server{Config: c, exports: make(chan struct{}, maxExports), stopping: make(chan struct{}), inFlight: newInFlight(cmp.Or(c.MaxRequests, maxInFlight))}
	s.Patience = cmp.Or(s.Patience, Patience)
	s.waiting.late = make(map[string]*lateRequest)
	s.buffers.New, s.zips.New = newBuffer, newZip
	var err error
	if s.sessions, err = newSessionStore(c); err != nil {
		return nil, err
	}
	if s.signIns, err = newSignIns(c); err != nil {
		return nil, err
	}
	if s.sent, err = newSentForms(c); err != nil {
		return nil, err
	}
	if s.returns, err = newSealer(c.Keys, "return"); err != nil {
		return nil, err
	}
	identities, err := newIdentities(c.Keys)
	if err != nil {
		return nil, err
	}
	s.identities.Store(&identities)
	s.columns = tableColumns(c.Locale)
	s.mux = http.NewServeMux()
	s.routes = s.routeTable()
	if c.Limits == nil {
		c.Limits = DefaultLimits()
	}
	if err := s.useLimits(c.Limits); err != nil {
		return nil, err
	}
	for _, route := range s.routes {
		s.mux.Handle(route.Pattern, s.guard(route))
	}
	s.handler = s.withVisit(s.headers(s.sameOrigin(s.notFoundPages(s.mux))))
	return s, nil
}

// StopStreams ends the event streams of running imports. Call it when the server shuts
// down.
func (s *Server) StopStreams() { s.stopOnce.Do(func() { close(s.stopping) }) }

func newBuffer() any { return new(bytes.Buffer) }

func newZip() any {
	zip, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // fails only if the compression level is invalid
	return zip
}

// Routes returns the route table.
func (s *Server) Routes() []Route { return s.routes }

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

func (s *Server) secure() bool { return s.URL.Scheme == "https" }
