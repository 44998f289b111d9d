package web

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/people"
	"meetdesk/store"
	"meetdesk/views"
)

// login redirects the user to the provider. In the query, login_hint or signed_in_as names
// the account, return_to is the page to return to, and attempt is the ID of an attempt. If
// Microsoft answered that attempt with a claims challenge, the sign-in must satisfy it.
func (s *Server) login(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	returnTo := s.returnTo(query.Get("return_to"))
	visitOf(r).returnTo = returnTo
	flow, cookie, err := s.signIns.begin(r, returnTo)
	if err != nil {
		return err
	}
	claims, err := s.challenge(r)
	if err != nil {
		return err
	}
	hint, err := s.loginHint(r)
	if err != nil {
		return err
	}
	address, err := s.Auth.Start(r.Context(), flow, hint, claims)
	if err != nil {
		return err
	}
	http.SetCookie(w, cookie)
	return s.seeOther(w, r, address)
}

// challenge returns the claims challenge of the attempt named in the query. It returns "" if
// the attempt has no challenge or is not the person's own. A link from another site
// therefore cannot make the desk request arbitrary claims.
func (s *Server) challenge(r *http.Request) (string, error) {
	id, err := strconv.ParseInt(r.URL.Query().Get("attempt"), 10, 64)
	session := visitOf(r).session
	if err != nil || session == nil {
		return "", nil
	}
	attempt, err := s.Store.Attempt(r.Context(), id)
	if meeting.CodeOf(err) == meeting.NotFound || err == nil && attempt.Actor.ID != session.User.ID {
		return "", nil
	}
	return attempt.Challenge(), err
}

// loginHint returns the account that a link names, or "" if it names no account. The desk's
// own links contain a signed user ID. Other links name the account in login_hint.
func (s *Server) loginHint(r *http.Request) (string, error) {
	query := r.URL.Query()
	if userID, ok := s.identities.Load().userID(query.Get(form.FieldSignedInAs)); ok {
		u, err := s.Store.User(r.Context(), userID)
		if meeting.CodeOf(err) == meeting.NotFound {
			return "", nil
		}
		return u.UPN, err
	}
	return people.Query(strings.ToValidUTF8(query.Get("login_hint"), "")), nil
}

// callback redeems the code for tokens and signs the person in. It starts a session even for
// a person without a role, so that they can sign out. If the sign-in cannot be finished (see
// signIns.finish), callback sends nothing to the provider.
func (s *Server) callback(w http.ResponseWriter, r *http.Request) error {
	query, v := r.URL.Query(), visitOf(r)
	pending, ok := s.signIns.finish(r, query.Get("state"))
	v.returnTo = pending.ReturnTo
	if !ok {
		return &meeting.Error{Code: meeting.Unauthorized, Key: meeting.ReasonSignInState}
	}
	identity, tokens, err := s.Auth.Finish(r.Context(), pending.flow(query.Get("state")), query)
	if err != nil {
		return err
	}
	if identity.Role == meeting.NoRole {
		v.err = fmt.Errorf("sign-in without a role of this desk: %s", identity.Summary)
	}
	if err := s.sessions.signIn(w, r, identity, tokens); err != nil {
		return err
	}
	return s.seeOther(w, r, pending.ReturnTo)
}

// logout ends the desk's session. If the provider has a page for signing out, logout then
// sends the browser there. The provider may have a session even if the desk does not.
func (s *Server) logout(w http.ResponseWriter, r *http.Request) error {
	r = r.WithContext(context.WithoutCancel(r.Context())) // the person may close the window before the response arrives
	ctx, v := r.Context(), visitOf(r)
	var tokens store.Tokens
	if v.session != nil {
		var err error
		if tokens, err = s.Store.Tokens(ctx, v.session.GrantID); err != nil && meeting.CodeOf(err) != meeting.Unauthorized {
			return err
		}
	}
	if err := s.sessions.signOut(w, r); err != nil {
		return err
	}
	s.sent.forget(w)
	if address := s.Auth.SignOutURL(ctx, tokens.IDToken, s.URL.JoinPath(paths.SignedOut).String()); address != "" {
		return s.onward(w, r, http.StatusOK, "signed_out.onward", address)
	}
	return s.seeOther(w, r, paths.SignedOut)
}

// session reports to a page's script whether the user of that page is still signed in. If
// not, it responds with status 204.
func (s *Server) session(w http.ResponseWriter, r *http.Request) error {
	session := visitOf(r).session
	userID, ok := s.identities.Load().userID(r.URL.Query().Get(form.FieldSignedInAs))
	if session == nil || !ok || userID != session.User.ID {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return s.send(w, r, http.StatusOK, "text/plain; charset=utf-8", []byte("ok\n"))
}

// signedOut shows the page that follows a sign-out. Its route is open to everybody, because
// a route that requires a session would start another sign-in.
func (s *Server) signedOut(w http.ResponseWriter, r *http.Request) error {
	title := visitOf(r).text.T("signed_out.title")
	return s.render(w, r, http.StatusOK, views.SignedOut(s.page(r, title)))
}

// frontChannelLogout ends the desk's sessions when the user signs out at the provider. The
// provider's page opens this URL in a frame, without the desk's cookies. The sessions are
// identified by the provider's unguessable session ID. Entra sends no issuer, but if
// another provider sends one, that issuer must match the configured one (OpenID Connect
// Front-Channel Logout, section 3).
func (s *Server) frontChannelLogout(w http.ResponseWriter, r *http.Request) error {
	query, h := r.URL.Query(), w.Header()
	// The provider's page may frame this empty response. If the browser blocked the
	// frame, the provider would report an error.
	h.Set("Content-Security-Policy", strings.Replace(h.Get("Content-Security-Policy"), "frame-ancestors 'none'", "frame-ancestors "+s.Issuer.Scheme+"://"+s.Issuer.Host, 1))
	for _, issuer := range query["iss"] {
		if issuer != s.Issuer.String() {
			visitOf(r).err = fmt.Errorf("front-channel logout by another issuer: %.200q", issuer)
			w.WriteHeader(http.StatusOK)
			return nil
		}
	}
	if sid := query.Get("sid"); sid != "" {
		ctx := context.WithoutCancel(r.Context()) // the browser may leave the provider's page before the response arrives
		if err := s.Store.EndProviderSession(ctx, sid); err != nil {
			return err
		}
	}
	w.WriteHeader(http.StatusOK)
	return nil
}
