package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/desk"
	"meetdesk/emulator"
	"meetdesk/emulator/emutest"
	"meetdesk/testenv"
)

// A person whose account was disabled or whose sign-in was revoked is signed out within an
// hour, even if their pages never call Graph. A provider failure or a configuration error
// does not sign anyone out.
func TestDisabledAccountIsOutWithinAnHour(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for name, tt := range map[string]struct {
		answer    emulator.Failure
		out, ends bool // whether the person has to sign in, and whether the session has ended
	}{
		"disabled":                       {entraError("invalid_grant", "AADSTS50057: disabled"), true, true},
		"revoked":                        {entraError("invalid_grant", "AADSTS50173: revoked"), true, true},
		"expired":                        {entraError("invalid_grant", "AADSTS700082: inactive"), true, true},
		"another provider's refusal":     {entraError("invalid_grant", "gone"), true, true},
		"blocked by Conditional Access":  {entraError("invalid_grant", "AADSTS53003: blocked"), true, true},
		"needs another factor":           {entraError("interaction_required", "AADSTS50076: another factor"), true, false},
		"needs another factor, as Entra": {entraError("invalid_grant", "AADSTS50079: another factor"), true, false},
		"needs a sign-in":                {entraError("login_required", "AADSTS50058: nobody"), true, false},
		"consent is missing":             {entraError("invalid_grant", "AADSTS65001: no consent"), false, false},
		"the secret of the desk expired": {entraError("invalid_client", "AADSTS7000222: over"), false, false},
		"provider down":                  {emulator.Failure{Status: 503, Body: "<html>"}, false, false},
		"provider down, with a code":     {emulator.Failure{Status: 503, Code: "temporarily_unavailable"}, false, false},
		"provider is asked too often":    {emulator.Failure{Status: 429, Code: "temporarily_unavailable"}, false, false},
		"provider without an answer":     {emulator.Failure{Drop: true}, false, false},
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
			if n := readColumn(t, s, `SELECT count(*) FROM grants`); tt.ends != (n == "0") {
				t.Errorf("%s grants are stored", n)
			}
			if ended := slices.ContainsFunc(s.AuditLog(), func(line string) bool { return strings.Contains(line, "sign_out 0 refused") }); ended != tt.ends {
				t.Errorf("the audit log is\n%q", s.AuditLog())
			}
		})
	}
}

func entraError(code, message string) emulator.Failure {
	return emulator.Failure{Status: http.StatusBadRequest, Code: code, Message: message}
}

// While the provider does not answer, requests from one user wait for it at most once a
// minute. A later answer still takes effect.
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

// A page waits a few seconds for a slow provider and is then shown while the check
// continues. The check itself may take as long as desk.Budget.
func TestPageDoesNotWaitForTheRecheck(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.visitor(dana)
	gate := make(chan struct{})
	answered := time.AfterFunc(desk.Budget-time.Second, func() { close(gate) })
	s.graph.FailNext("POST /token", emulator.Failure{Hold: gate})
	s.SetAhead(61 * time.Minute)
	b.get("/history").want(200)
	if !answered.Stop() {
		t.Fatal("the page waited until the provider answered")
	}
	close(gate)
}

// A role change at the provider takes effect within an hour, even for requests that call
// Microsoft.
func TestRoleChangesWithinAnHour(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		roles        []string // the person's new roles at the provider
		role         string
		early, later int // the status of an administrators' page, before and after the hour has passed
		create       int // the status after submitting the form for a new meeting
	}{
		"taken away": {nil, "none", 403, 403, 403},
		"given":      {[]string{"Meetdesk.Admin"}, "admin", 403, 200, 200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			b, c := s.visitor(dana), s.visitor(dana)
			form := c.form()
			s.graph.People.Change(emutest.Person(dana).ObjectID, func(p *emulator.Person) { p.Roles = tt.roles })
			s.SetAhead(59 * time.Minute)
			b.get("/admin/presets").want(tt.early)
			b.get("/history").want(200)
			s.SetAhead(61 * time.Minute)
			c.post("/meetings", form).want(map[int]int{200: 303, 403: 403}[tt.create])
			b.get("/admin/presets").want(tt.later)
			if role := readColumn(t, s, `SELECT role FROM users WHERE upn = '`+dana+`'`); role != tt.role {
				t.Errorf("the role is %q", role)
			}
			if lines := s.AuditLog(); !slices.ContainsFunc(lines, func(line string) bool { return strings.Contains(line, "role 0 helpdesk → "+tt.role) }) {
				t.Errorf("the audit log is\n%q", lines)
			}
		})
	}
}

// If the provider sends no new ID token, the role in the old one does not replace the role
// from a later sign-in.
func TestRoleInAnOldTokenIsNotUsed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.visitor(dana)
	s.graph.People.Change(emutest.Person(dana).ObjectID, func(p *emulator.Person) { p.Roles = []string{"Meetdesk.Admin"} })
	s.visitor(dana)
	s.graph.FailNext("POST /token", emulator.Failure{Status: 200, Body: `{"access_token":"a","token_type":"Bearer","expires_in":3600,"refresh_token":"r"}`})
	s.SetAhead(61 * time.Minute)
	before := s.Redeemed.Load()
	b.get("/admin/presets").want(200)
	if calls := s.Redeemed.Load() - before; calls != 1 {
		t.Errorf("%d calls to the token endpoint, want 1", calls)
	}
	if role := readColumn(t, s, `SELECT role FROM users WHERE upn = '`+dana+`'`); role != "admin" {
		t.Errorf("the role is %q", role)
	}
}

// If an account is disabled or its tokens are revoked, only that person's sessions end. A
// disabled account cannot sign in again.
func TestDeadAccountEndsItsSessions(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	person := emutest.Person(dana).ObjectID
	for name, tt := range map[string]struct {
		die   func(*site)
		again string // text on the page after the next sign-in
	}{
		"disabled": {func(s *site) { s.graph.People.Change(person, func(p *emulator.Person) { p.Disabled = true }) }, "AADSTS50057"},
		"revoked":  {func(s *site) { _ = s.graph.RevokeRefreshTokens(person) }, "New meeting"},
	} {
		for request, send := range map[string]func(*site, *browser) *page{
			"a page":              func(_ *site, b *browser) *page { return b.get("/history") },
			"a form":              func(_ *site, b *browser) *page { return b.post("/meetings", b.form()) },
			"a look-up of people": func(_ *site, b *browser) *page { return b.post("/people", nil) },
		} {
			t.Run(name+", "+request, func(t *testing.T) {
				t.Parallel()
				s := newSite(t)
				b, o := s.visitor(dana), s.visitor(priya)
				tt.die(s)
				s.SetAhead(61 * time.Minute)
				send(s, b)
				if n := readColumn(t, s, `SELECT count(*) FROM sessions`); n != "1" {
					t.Errorf("%s sessions are left, want Priya's", n)
				}
				o.get("/history").want(200)
				if p := s.browser().get("/auth/login?login_hint=" + dana); !strings.Contains(p.text(), tt.again) {
					t.Errorf("want %q in:\n%s", tt.again, p.text())
				}
			})
		}
	}
}

// If the provider requires another factor, the user is redirected to sign in. The
// session is kept and works again once the provider no longer asks for the factor.
func TestStepUpKeepsTheSession(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.visitor(dana)
	form := b.form()
	s.graph.FailNext("POST /token", entraError("interaction_required", "AADSTS50076: another factor"))
	s.SetAhead(61 * time.Minute)
	for range 2 { // the second request does not call the provider
		if p := b.get("/history"); p.status != 303 || !strings.HasPrefix(p.header.Get("Location"), "/auth/login") {
			t.Fatalf("status %d to %q", p.status, p.header.Get("Location"))
		}
	}
	b.post("/meetings", form).want(401, "What you typed is kept")
	if n := readColumn(t, s, `SELECT count(*) FROM sessions`); n != "1" {
		t.Errorf("%s sessions", n)
	}
	s.SetAhead(63 * time.Minute)
	b.get("/history").want(200)
}

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
