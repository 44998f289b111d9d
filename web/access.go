package web

import (
	"fmt"
	"net/http"
	"net/url"

	"meetdesk/desk"
	"meetdesk/meeting"
	"meetdesk/paths"
)

// Access specifies who may use a route. Package desk checks the permissions for individual
// meetings.
type Access int

// The access rules. ForStaff includes the help desk and administrators. Zero is not a valid
// rule, so the desk does not start if a route has none; see guard.
const (
	Open Access = iota + 1
	SignedIn
	ForStaff
	ForAdministrators
)

func (a Access) requiredRole() (role meeting.Role, ok bool) {
	switch a {
	case Open, SignedIn:
		return meeting.NoRole, true
	case ForStaff:
		return meeting.Staff, true
	case ForAdministrators:
		return meeting.Admin, true
	}
	return meeting.NoRole, false
}

// guard returns a handler that enforces the route's access rule and limits. It panics if the
// rule is unknown, so that the desk does not start.
func (s *Server) guard(route Route) http.Handler {
	required, ok := route.Access.requiredRole()
	if !ok {
		panic(fmt.Sprintf("the route %q has the unknown access rule %d: add the rule to Access.requiredRole in web/access.go", route.Pattern, route.Access))
	}
	return s.handle(func(w http.ResponseWriter, r *http.Request) error {
		v := visitOf(r)
		v.route = route
		if err := s.charge(r, route.limit); err != nil {
			return err
		}
		if held, err := s.checkIdentity(w, r, route); held || err != nil {
			return err
		}
		if route.Access == Open {
			return route.handle(w, r)
		}
		if v.session == nil || !s.isStillSignedIn(r) {
			return s.requireSignIn(w, r)
		}
		if v.typed == nil && isRead(r) {
			v.typed = s.sent.find(r)
		}
		if role := v.session.User.Role; !role.Has(required) {
			key := meeting.ReasonAccessNoRole
			if role.Has(meeting.Staff) {
				key = meeting.ReasonAccessAdministrator
			}
			return &meeting.Error{Code: meeting.Forbidden, Key: key, Args: meeting.Args{"Name": v.session.User.DisplayName()}}
		}
		if err := s.sessions.touch(r, v.session); err != nil {
			v.err = err // only logged, because at worst the session expires a little early
		}
		return s.limitAtOnce(w, r, route)
	})
}

// isStillSignedIn reports whether the user is still signed in. If the last check with
// the provider is too old, it first checks again, which may end the session; see
// desk.Desk.Recheck.
func (s *Server) isStillSignedIn(r *http.Request) bool {
	v := visitOf(r)
	switch s.Desk.Recheck(r.Context(), actor(r), v.session.CheckedAt) {
	case desk.Rechecked:
		v.session, v.err = s.sessions.current(r)
	case desk.NeedsSignIn:
		v.session = nil // only for this request; the next sign-in replaces the stored session
	}
	return v.session != nil
}

// limitAtOnce calls the route's handler. If the person already has the maximum number of
// requests running, it first waits for one of them to end. If no request ends in time, it
// returns an error.
func (s *Server) limitAtOnce(w http.ResponseWriter, r *http.Request, route Route) error {
	if route.limit.AtOnce == 0 {
		return route.handle(w, r)
	}
	release := route.limit.running.acquire(r.Context(), whose{person: visitOf(r).session.User.ID}, route.limit.AtOnce, route.limit.Wait)
	if release == nil {
		return &meeting.Error{Code: meeting.Unavailable, Key: route.limit.Busy}
	}
	defer release()
	return route.handle(w, r)
}

// requireSignIn handles a request without a session: it holds a submitted form (see
// holdForSignIn), or else starts the sign-in. It returns an error if the session could not
// be read, or if the URL is too long to return to.
func (s *Server) requireSignIn(w http.ResponseWriter, r *http.Request) error {
	address := r.URL.RequestURI()
	switch {
	case visitOf(r).err != nil:
		return visitOf(r).err // signing in would not help
	case !isRead(r):
		return s.holdForSignIn(w, r)
	case address != paths.Home && localPath(address) == paths.Home:
		return &meeting.Error{Code: meeting.Unauthorized, Key: meeting.ReasonSignInLong}
	case s.fromOwnPage(r):
		return s.onward(w, r, http.StatusUnauthorized, "signin.onward", s.signInPath(address, ""))
	}
	return s.seeOther(w, r, s.signInPath(address, ""))
}

// fromOwnPage reports whether the request came from a link or a form on this site. The
// headers do not show which of the two it was. Because browsers block a form's redirect to
// another site, requireSignIn does not use an HTTP redirect in either case.
func (s *Server) fromOwnPage(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" {
		return site == "same-origin" && r.Header.Get("Sec-Fetch-Dest") == "document"
	}
	from, err := url.Parse(r.Referer()) // for browsers that do not send Sec-Fetch headers
	return err == nil && from.Scheme == s.URL.Scheme && from.Host == s.URL.Host
}
