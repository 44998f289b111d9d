package web

import (
	"context"
	"net/http"
	"time"

	"meetdesk/meeting"
	"meetdesk/paths"
)

// The limits on concurrent requests. A request beyond the limit waits for another to end.
// If none ends within inFlightWait, the response has status 503. Requests without a session
// may use only half of the limit, so that strangers cannot keep out signed-in people. One
// person, or one address without a session, may use only a quarter of it (1/shareOf), so
// that a few forms that never arrive cannot keep out everybody else.
const (
	maxInFlight  = 200
	inFlightWait = time.Second
	shareOf      = 4
	shareWait    = 5 * time.Second // when somebody who has used up their share is asked to try again
)

// inFlight counts the requests that are being answered.
type inFlight struct {
	all, strangers chan struct{}
	each           atOnce // counts them by person and address
	share          int    // how many of them one person or address may have
}

func newInFlight(n int) *inFlight {
	return &inFlight{all: make(chan struct{}, n), strangers: make(chan struct{}, (n+1)/2), share: max(n/shareOf, 2)}
}

// errBusy asks the client to try again in a few seconds.
var errBusy = &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonSiteBusy}

// answer finds the session and the language of the request and calls next. If too many
// requests are running, it responds with status 503 or 429.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, next http.Handler) {
	v := visitOf(r)
	v.text = s.Locale.Printer("", r.Header.Get("Accept-Language"))
	if r.URL.Path == paths.Health || r.URL.Path == paths.Ready { // these are answered no matter how busy the program is
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

// enter takes the request's places and finds its session. A request that has no session
// cookie waits as a stranger before it takes a place from people who are signed in.
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

// enterAsStranger takes the places of a request without a session.
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

// shareError is an errBusy that names what is used up. So readTyped keeps only short forms,
// because nothing limits how many are read at the same time.
func (s *Server) shareError(key meeting.Reason) error {
	return &meeting.Error{Code: meeting.Unavailable, Key: key, Args: meeting.Args{"Until": s.Now().Add(shareWait)}, Err: errBusy}
}

// places are functions that give back what a request has taken.
type places []func()

// add reports whether the place was taken. If not, release is nil.
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
