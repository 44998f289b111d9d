package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"meetdesk/emulator"
)

// TestFrontChannelLogout: the provider's own sign-out ends the session by its session
// ID. Entra sends no issuer. If an issuer is sent, it must be ours.
func TestFrontChannelLogout(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ours := s.graph.Issuer()
	for _, tt := range []struct {
		name  string
		query func(sid string) url.Values
		ends  bool
	}{
		{"sid alone, as Entra does", func(sid string) url.Values { return url.Values{"sid": {sid}} }, true},
		{"with our issuer", func(sid string) url.Values { return url.Values{"sid": {sid}, "iss": {ours}} }, true},
		{"with what is not about it", func(sid string) url.Values { return url.Values{"sid": {sid}, "x": {"y"}} }, true},
		{"another issuer", func(sid string) url.Values { return url.Values{"sid": {sid}, "iss": {"https://evil.example"}} }, false},
		{"our issuer with a slash", func(sid string) url.Values { return url.Values{"sid": {sid}, "iss": {ours + "/"}} }, false},
		{"an empty issuer", func(sid string) url.Values { return url.Values{"sid": {sid}, "iss": {""}} }, false},
		{"ours and another", func(sid string) url.Values { return url.Values{"sid": {sid}, "iss": {ours, "https://evil.example"}} }, false},
		{"another sid", func(sid string) url.Values { return url.Values{"sid": {sid + "0"}} }, false},
		{"the beginning of a sid", func(sid string) url.Values { return url.Values{"sid": {sid[:8]}} }, false},
		{"a sid in a pattern", func(string) url.Values { return url.Values{"sid": {"%"}} }, false},
		{"an empty sid", func(string) url.Values { return url.Values{"sid": {""}} }, false},
		{"nothing", func(string) url.Values { return nil }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := s.signIn(priya)
			sid := readColumn(t, s, `SELECT sid FROM sessions ORDER BY created_at DESC LIMIT 1`)
			if sid == "" {
				t.Fatal("no sid is kept")
			}
			frame := s.browser() // the frame has no cookie of ours
			frame.get("/auth/frontchannel-logout?" + tt.query(sid).Encode()).want(http.StatusOK)
			if ended := b.get("/").url.Path != "/"; ended != tt.ends {
				t.Errorf("the session ended: %v, want %v", ended, tt.ends)
			}
		})
	}
}

// TestSigningOutAtTheProvider: who signs out there is signed out here too, in this
// browser and in no other.
func TestSigningOutAtTheProvider(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, other, colleague := s.signIn(priya), s.signIn(priya), s.signIn(tomas)
	b.get("/auth/login?login_hint=" + priya).want(200) // once more: the same session there
	r, err := http.NewRequest(http.MethodGet, s.MicrosoftURL+"/"+emulator.DefaultTenant+"/oauth2/v2.0/logout", nil)
	if err != nil {
		t.Fatal(err)
	}
	frames := b.do(r).want(200, "You are signed out").doc.Find("iframe")
	if frames.Length() != 1 {
		t.Fatalf("%d frames", frames.Length())
	}
	to := mustURL(t, frames.AttrOr("src", ""))
	if query := to.Query(); query.Get("sid") == "" || len(query) != 1 || to.Path != "/auth/frontchannel-logout" {
		t.Errorf("the frame leads to %s", to)
	}
	s.browser().get(to.RequestURI()).want(200) // without cookies, as a browser does
	if b.get("/").url.Path == "/" {
		t.Error("the session here is still open")
	}
	for _, still := range []*browser{other, colleague} {
		if still.get("/").url.Path != "/" {
			t.Error("somebody else's session ended")
		}
	}
}
