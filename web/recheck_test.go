package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/emulator"
)

// A person whose account was disabled, or whose sign-in was revoked, is out within an
// hour. So is one whose page does nothing at Graph, such as the history of the help desk.
func TestDisabledAccountIsOutWithinAnHour(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		answer emulator.Failure
		out    bool
	}{
		"disabled":                       {entraError("invalid_grant", "AADSTS50057: disabled"), true},
		"revoked":                        {entraError("invalid_grant", "AADSTS50173: revoked"), true},
		"blocked by Conditional Access":  {entraError("invalid_grant", "AADSTS53003: blocked"), true},
		"needs another factor":           {entraError("interaction_required", "AADSTS50076: another factor"), true},
		"consent is missing":             {entraError("invalid_grant", "AADSTS65001: no consent"), false},
		"the secret of the desk expired": {entraError("invalid_client", "AADSTS7000222: over"), false},
		"provider down":                  {emulator.Failure{Status: 503, Body: "<html>"}, false},
		"provider without an answer":     {emulator.Failure{Drop: true}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			b := s.visitor(dana)
			s.graph.FailNext("POST /token", tt.answer)
			s.SetAhead(59 * time.Minute)
			b.get("/history").want(200)
			s.SetAhead(61 * time.Minute)
			p := b.get("/history")
			if out := p.status == http.StatusSeeOther && strings.HasPrefix(p.header.Get("Location"), "/auth/login"); out != tt.out {
				t.Errorf("status %d to %q, want signed out: %v", p.status, p.header.Get("Location"), tt.out)
			}
			if n := readColumn(t, s, `SELECT count(*) FROM grants`); tt.out != (n == "0") {
				t.Errorf("%s grants are stored", n)
			}
			if ended := slices.ContainsFunc(s.AuditLog(), func(line string) bool { return strings.Contains(line, "sign_out 0 refused") }); ended != tt.out {
				t.Errorf("the audit log is\n%q", s.AuditLog())
			}
		})
	}
}

func entraError(code, message string) emulator.Failure {
	return emulator.Failure{Status: http.StatusBadRequest, Code: code, Message: message}
}

// While the provider does not answer, pages wait for it once a minute at most, and its
// later answer counts.
func TestRecheckWaitsForTheProviderOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.visitor(dana)
	s.graph.FailNext("POST /token", emulator.Failure{Drop: true})
	s.graph.FailNext("POST /token", entraError("invalid_grant", "AADSTS50057: disabled"))
	s.SetAhead(61 * time.Minute)
	before := s.Redeemed.Load()
	for range 5 {
		b.get("/history").want(200)
	}
	if calls := s.Redeemed.Load() - before; calls != 1 {
		t.Errorf("%d calls to the token endpoint, want 1", calls)
	}
	s.SetAhead(63 * time.Minute)
	b.get("/history").want(303)
}

// A role that was taken away or given at the provider counts within an hour. In this
// test, the database has another role than the provider, as if it had changed.
func TestRoleChangesWithinAnHour(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		before       string // role in the database; the provider says that Dana is at the help desk
		early, later int
	}{
		"taken away": {"admin", 200, 403},
		"given":      {"none", 403, 403},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			b := s.visitor(dana)
			inDatabase(t, s, `UPDATE users SET role = $1 WHERE upn = $2`, tt.before, dana)
			s.SetAhead(59 * time.Minute)
			b.get("/admin/presets").want(tt.early)
			s.SetAhead(61 * time.Minute)
			b.get("/admin/presets").want(tt.later)
			b.get("/history").want(200)
			if role := readColumn(t, s, `SELECT role FROM users WHERE upn = '`+dana+`'`); role != "helpdesk" {
				t.Errorf("the role is %q", role)
			}
			if lines := s.AuditLog(); !slices.ContainsFunc(lines, func(line string) bool { return strings.Contains(line, "role 0 "+tt.before+" → helpdesk") }) {
				t.Errorf("the audit log is\n%q", lines)
			}
		})
	}
}

// The configuration says how long a session may be unused.
func TestSessionIdleTime(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(s *siteSettings) { s.idle = 15 * time.Minute })
	b := s.visitor(priya)
	for _, step := range []struct {
		ahead time.Duration
		want  int
	}{{14 * time.Minute, 200}, {28 * time.Minute, 200}, {44 * time.Minute, 303}} {
		s.SetAhead(step.ahead)
		b.get("/").want(step.want)
	}
}
