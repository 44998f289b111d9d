package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/store"
	"meetdesk/views"
)

// login sends the person to the provider. login_hint names the account,
// return_to the page of this site to come back to, claims what the next token
// must satisfy, as Graph demanded it.
func (s *Server) login(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	returnTo := localPath(query.Get("return_to"))
	visitOf(r).back = returnTo
	flow, cookie, err := s.signIns.begin(r, returnTo)
	if err != nil {
		return err
	}
	address, err := s.Auth.Start(r.Context(), flow, loginHint(query), query.Get("claims"))
	if err != nil {
		return err
	}
	http.SetCookie(w, cookie)
	return s.seeOther(w, r, address)
}

// loginHint returns the account that a link names as the provider knows it. Entra's
// own login_hint claim is no address, and stays as it is.
func loginHint(query url.Values) string {
	return meeting.PersonQuery(strings.ToValidUTF8(query.Get("login_hint"), ""))
}

// callback is where the provider sends the person back. A person without a
// role gets a session too, so that the page that tells them can say who they
// are and let them sign out. The provider is not called for a sign-in that
// nobody began, or that was finished before.
func (s *Server) callback(w http.ResponseWriter, r *http.Request) error {
	query, v := r.URL.Query(), visitOf(r)
	pending, ok := s.signIns.take(r, query.Get("state"))
	v.back = pending.ReturnTo
	if !ok {
		return &meeting.Error{Code: meeting.Unauthorized, Key: "signin.state"}
	}
	identity, tokens, err := s.Auth.Finish(r.Context(), pending.flow(query.Get("state")), query)
	if err != nil {
		return err
	}
	if identity.Role == meeting.NoRole {
		v.err = fmt.Errorf("sign-in without a role of this desk: %s", identity.Held)
	}
	session, err := s.sessions.Get(r, s.sessions.name)
	if err != nil {
		return err
	}
	session.Values[valueSignIn] = signIn{identity, tokens}
	if err := session.Save(r, w); err != nil {
		return err
	}
	return s.seeOther(w, r, pending.ReturnTo)
}

// logout ends the session here, then at the provider. Without a session here
// there may still be one there.
func (s *Server) logout(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), visitOf(r)
	var tokens store.Tokens
	if v.session != nil {
		var err error
		if tokens, err = s.Store.Tokens(ctx, v.session.GrantID); err != nil && meeting.CodeOf(err) != meeting.Unauthorized {
			return err
		}
	}
	session, err := s.sessions.Get(r, s.sessions.name)
	if err != nil {
		return err
	}
	session.Options.MaxAge = -1
	if err := session.Save(r, w); err != nil {
		return err
	}
	if there := s.Auth.SignOutURL(ctx, tokens.IDToken, s.URL.JoinPath(paths.SignedOut).String()); there != "" {
		return s.onward(w, r, http.StatusOK, "signed_out.onward", there)
	}
	return s.seeOther(w, r, paths.SignedOut)
}

// fromOwnPage reports whether a link or a form of this site led here. The two cannot be
// told apart, and a form must not lead to another site.
func (s *Server) fromOwnPage(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" {
		return site == "same-origin" && r.Header.Get("Sec-Fetch-Dest") == "document"
	}
	from, err := url.Parse(r.Referer()) // browsers without Sec-Fetch
	return err == nil && from.Scheme == s.URL.Scheme && from.Host == s.URL.Host
}

// session tells a page's script whether the page's person is still signed in. It answers
// 204 if nobody is, or somebody else.
func (s *Server) session(w http.ResponseWriter, r *http.Request) error {
	session := visitOf(r).session
	userID, ok := s.identities.userID(r.URL.Query().Get(form.FieldSignedInAs))
	if session == nil || !ok || userID != session.User.ID {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return s.send(w, r, http.StatusOK, "text/plain; charset=utf-8", []byte("ok\n"))
}

// signedOut is where a sign-out ends. It needs no session, so that it does not
// lead straight back into one.
func (s *Server) signedOut(w http.ResponseWriter, r *http.Request) error {
	title := visitOf(r).text.T("signed_out.title")
	return s.render(w, r, http.StatusOK, views.SignedOut(s.page(r, title)))
}

// frontChannelLogout is called by the provider, in a frame of its own page, when the
// person signs out there. The frame has no cookie of ours: the provider's session ID,
// which nobody can guess, says which sessions end. Entra sends no issuer. If an issuer
// is sent, it must be ours (OpenID Connect Front-Channel Logout, section 3).
func (s *Server) frontChannelLogout(w http.ResponseWriter, r *http.Request) error {
	query, h := r.URL.Query(), w.Header()
	// The provider's page may frame this empty answer. A frame that the browser blocks
	// counts as an error there.
	h.Set("Content-Security-Policy", strings.Replace(h.Get("Content-Security-Policy"), "frame-ancestors 'none'", "frame-ancestors "+s.Issuer.Scheme+"://"+s.Issuer.Host, 1))
	for _, issuer := range query["iss"] {
		if issuer != s.Issuer.String() {
			visitOf(r).err = fmt.Errorf("front-channel logout by another issuer: %.200q", issuer)
			w.WriteHeader(http.StatusOK)
			return nil
		}
	}
	if sid := query.Get("sid"); sid != "" {
		if err := s.Store.EndProviderSession(r.Context(), sid); err != nil {
			return err
		}
	}
	w.WriteHeader(http.StatusOK)
	return nil
}
