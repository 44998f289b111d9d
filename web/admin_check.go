package web

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"meetdesk/paths"
	"meetdesk/selfcheck"
	"meetdesk/store"
	"meetdesk/views"
)

// checks holds the results of the last configuration check in this process.
type checks struct {
	mu    sync.Mutex
	lines []selfcheck.Line
	at    time.Time // when the check ended; zero before the first check

	running sync.Mutex // held while a check runs
}

func (c *checks) last() ([]selfcheck.Line, time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lines, c.at
}

// NoteCheck stores the findings of a check, to be shown to administrators.
func (s *Server) NoteCheck(lines []selfcheck.Line) {
	s.checks.mu.Lock()
	defer s.checks.mu.Unlock()
	s.checks.lines, s.checks.at = slices.Clone(lines), s.Now()
}

const (
	checkLimit = 15 * time.Second
	// checkPause is the minimum time between two checks. Until it has passed, requests for
	// a check show the results of the last one.
	checkPause = 5 * time.Second
)

func (s *Server) checkPage(w http.ResponseWriter, r *http.Request) error {
	data, err := s.lastCheck(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, views.Check(s.page(r, visitOf(r).text.T("admin.check")), data))
}

// lastCheck returns the findings of the last check and a finding about the permissions of
// the administrator's own token, worst first.
func (s *Server) lastCheck(r *http.Request) (data views.CheckData, err error) {
	v := visitOf(r)
	tokens, err := s.Store.Tokens(r.Context(), v.session.GrantID)
	if err != nil {
		return data, err
	}
	lines, at := s.checks.last()
	lines = append(slices.Clone(lines), selfcheck.Scopes(s.Scopes, strings.Fields(tokens.Scope)))
	selfcheck.WorstFirst(lines)
	data.At = at
	for _, l := range lines {
		t := l.In(v.text)
		data.Lines = append(data.Lines, views.CheckLine{State: string(t.State), Setting: t.Setting, Looked: t.Looked, Found: t.Found, Do: t.Do})
	}
	return data, nil
}

// checkNow runs a check, unless the last one is recent (see checkPause). It then redirects
// to the page with the findings. Only one check runs at a time.
func (s *Server) checkNow(w http.ResponseWriter, r *http.Request) error {
	if err := s.Store.Audit(r.Context(), visitOf(r).session.User.ID, store.AuditCheck, 0, ""); err != nil {
		return err
	}
	s.checks.running.Lock()
	defer s.checks.running.Unlock()
	if _, at := s.checks.last(); s.SelfCheck != nil && (at.IsZero() || s.Now().Sub(at).Abs() > checkPause) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), checkLimit) // other administrators may be waiting for the same check
		defer cancel()
		s.NoteCheck(s.SelfCheck(ctx))
	}
	http.Redirect(w, r, paths.Check, http.StatusSeeOther)
	return nil
}
