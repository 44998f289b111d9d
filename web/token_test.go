package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"meetdesk/meeting"
)

const priyaID = "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e01"

func TestRevokedRefreshToken(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	if err := s.graph.RevokeRefreshTokens(priyaID); err != nil {
		t.Fatal(err)
	}
	s.expireTokens()
	p := b.post("/meetings", s.form()).want(200, "Pick an account") // the request after the redirect finds that the session has ended
	m := newest(t, s, "INC0012345")
	if a := attempts(t, s, m.ID)[0]; a.State != meeting.AttemptFailed || a.Reason != meeting.ReasonSignIn || len(a.Calls) != 0 {
		t.Fatalf("the attempt is %s for %s after %d calls, want failed for %q without calls; page:\n%s", a.State, a.Reason, len(a.Calls), meeting.ReasonSignIn, p.text())
	}
	s.pick(b, p, priya).want(200, "Retry", "ign in")
	b.post("/attempts/1/retry", nil).want(200, "Created")
}

func (b *browser) redirect(path string) *url.URL {
	b.t.Helper()
	client := *b.client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Get(b.url + path)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	to, err := resp.Location()
	if err != nil {
		b.t.Fatal(err)
	}
	return to
}

// TestClaimsChallenge covers a claims challenge from Graph. The person signs in again with
// the requested claims and returns to the same page.
func TestClaimsChallenge(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	if err := s.graph.RequireClaims(priyaID, `{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}`); err != nil {
		t.Fatal(err)
	}
	p := b.post("/meetings", s.form()).want(200, "Retry", "Sign in again")
	if got := len(s.graph.Requests()); got != 1 {
		t.Errorf("Graph got %d requests, want 1", got)
	}
	b.post("/attempts/1/retry", nil).want(200, "Sign in again")

	link := p.doc.Find(`a[href^="/auth/login?"][href*="attempt=1"]`).AttrOr("href", "")
	for name, try := range map[string]struct {
		by   *browser
		link string
		want string
	}{
		"Priya":              {b, link, "1604106651"},
		"Tomás":              {s.signIn(tomas), link, ""},
		"nobody":             {s.browser(), link, ""},
		"an unknown attempt": {b, "/auth/login?attempt=99", ""},
		"claims in the URL":  {b, `/auth/login?claims={"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}`, ""},
	} {
		if to := try.by.redirect(try.link); !strings.Contains(to.Query().Get("claims"), try.want) || try.want == "" && to.Query().Has("claims") {
			t.Errorf("%s: the sign-in asks for the claims %q, want %q in them", name, to.Query().Get("claims"), try.want)
		}
	}
	if back := b.get(link).want(200, "Printer on fire"); back.url.Path != p.url.Path {
		t.Fatalf("the sign-in returned to %s, want %s", back.url, p.url.Path)
	}
	b.post("/attempts/1/retry", nil).want(200, "Created")
}
