package web

import (
	"net/http"
	"time"

	"meetdesk/meeting"
	"meetdesk/paths"
)

// The limits on requests that run at the same time. A request beyond the limit waits for
// another request to end. If none ends within inFlightWait, the response has status 503.
// Requests without a session may use only half of the limit, so that strangers cannot keep
// out people who are signed in.
const (
	maxInFlight  = 200
	inFlightWait = time.Second
)

// inFlight counts the requests that are being answered.
type inFlight struct{ all, strangers chan struct{} }

func newInFlight(n int) inFlight {
	return inFlight{all: make(chan struct{}, n), strangers: make(chan struct{}, (n+1)/2)}
}

// errBusy asks the client to try again in a few seconds.
var errBusy = &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonSiteBusy}

// answer finds the session and the language of the request and calls next. If too many
// requests are running, it responds with 503.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, next http.Handler) {
	v := visitOf(r)
	v.text = s.Locale.Printer("", r.Header.Get("Accept-Language"))
	busy := s.headers(s.handle(func(http.ResponseWriter, *http.Request) error { return errBusy }))
	if r.URL.Path == paths.Health || r.URL.Path == paths.Ready { // these are answered no matter how busy the program is
		next.ServeHTTP(w, r)
		return
	}
	if !take(r.Context(), s.inFlight.all, inFlightWait) {
		busy.ServeHTTP(w, r)
		return
	}
	defer func() { <-s.inFlight.all }()
	if v.session, v.err = s.sessions.current(r); v.session != nil {
		v.text = s.Locale.Printer(v.session.User.Language, r.Header.Get("Accept-Language"))
	} else {
		if !take(r.Context(), s.inFlight.strangers, inFlightWait) {
			busy.ServeHTTP(w, r)
			return
		}
		defer func() { <-s.inFlight.strangers }()
	}
	next.ServeHTTP(w, r)
}
