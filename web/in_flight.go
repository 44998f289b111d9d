package web

import (
	"context"
	"net/http"
	"time"

	"meetdesk/meeting"
	"meetdesk/paths"
)

// The limits on concurrent requests. A request beyond the limit waits for another request
// to end. After inFlightWait, it is answered with status 503. Requests without a
// session may use only half of the limit, to reserve the rest for signed-in users. A single
// user, or a single address without a session, may use only 1/shareOf of the limit, so that
// a few stalled requests cannot block all others.
const (
	maxInFlight  = 200
	inFlightWait = time.Second
	shareOf      = 4
	shareWait    = 5 * time.Second // how long clients that use up their share are asked to wait
)

// inFlight counts the requests that are being answered.
type inFlight struct {
	all, strangers chan struct{}
	each           atOnce // the number of running requests of each person or address
	share          int    // the maximum for one person or address
}

func newInFlight(n int) *inFlight {
	return &inFlight{all: make(chan struct{}, n), strangers: make(chan struct{}, (n+1)/2), share: max(n/shareOf, 2)}
}

// errBusy asks the client to try again in a few seconds.
var errBusy = &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonSiteBusy}

// answer determines the session and the language of the request and then calls the next
// handler. If too many requests are running, it responds with status 503 or 429 instead.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, next http.Handler) {
	v := visitOf(r)
	v.text = s.Locale.Printer("", r.Header.Get("Accept-Language"))
	if r.URL.Path == paths.Health || r.URL.Path == paths.Ready { // not limited
		next.ServeHTTP(w, r)
		return
	}
	var held places
	defer func() { held.leave() }()
	err := s.enter(r, &held)
	if v.session != nil {
		v.text = s.Locale.Printer(v.session.User.Language, r.Header.Get("Accept-Language"))
	}
	if err != nil {
		held.leave() // reading the form may take a while
		next = s.headers(s.handle(func(http.ResponseWriter, *http.Request) error { return err }))
	}
	next.ServeHTTP(w, r)
}

// enter acquires the request's slots and finds its session. A request without a session
// cookie first waits for a slot for strangers.
func (s *Server) enter(r *http.Request, held *places) error {
	v, signed := visitOf(r), s.sessions.hasCookie(r)
	if !signed {
		if err := s.enterAsStranger(r, held, inFlightWait); err != nil {
			return err
		}
	}
	if !held.take(r.Context(), s.inFlight.all, inFlightWait) {
		return errBusy
	}
	if !signed {
		return nil
	}
	if v.session, v.err = s.sessions.current(r); v.session == nil {
		return s.enterAsStranger(r, held, 0)
	}
	if !held.add(s.inFlight.each.acquire(r.Context(), whose{person: v.session.User.ID}, s.inFlight.share, 0)) {
		return s.shareError(meeting.ReasonLimitPerson)
	}
	return nil
}

func (s *Server) enterAsStranger(r *http.Request, held *places, wait time.Duration) error {
	address := whose{address: limitedAddress(s.clientAddress(r))}
	if !held.add(s.inFlight.each.acquire(r.Context(), address, s.inFlight.share, wait)) {
		return s.shareError(meeting.ReasonLimitAddress)
	}
	if !held.take(r.Context(), s.inFlight.strangers, wait) {
		return errBusy
	}
	return nil
}

// shareError returns an error that wraps errBusy and names the limit that was reached.
// After such an error, readTyped reads only short forms, because nothing limits how many
// forms it reads concurrently.
func (s *Server) shareError(key meeting.Reason) error {
	return &meeting.Error{Code: meeting.Unavailable, Key: key, Args: meeting.Args{"Until": s.Now().Add(shareWait)}, Err: errBusy}
}

// places contains the functions that release a request's slots.
type places []func()

// add appends the release function to p. It returns false if the function is nil, which
// means that no slot was acquired.
func (p *places) add(release func()) bool {
	if release == nil {
		return false
	}
	*p = append(*p, release)
	return true
}

func (p *places) take(ctx context.Context, taken chan struct{}, wait time.Duration) bool {
	if !take(ctx, taken, wait) {
		return false
	}
	return p.add(func() { <-taken })
}

func (p *places) leave() {
	for _, release := range *p {
		release()
	}
	*p = nil
}
