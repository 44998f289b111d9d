package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"meetdesk/emulator"
	"meetdesk/testenv"
)

// TestFrontChannelLogout checks that a logout request with a session's sid ends that
// session. The issuer may be missing, as in Entra's requests. If present, it must be the
// desk's provider.
func TestFrontChannelLogout(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	ours := s.graph.Issuer()
	for _, tt := range []struct {
		name  string
		query func(sid string) url.Values
		ends  bool
	}{
		{"only sid, as Entra sends", func(sid string) url.Values { return url.Values{"sid": {sid}} }, true},
		{"right issuer", func(sid string) url.Values { return url.Values{"sid": {sid}, "iss": {ours}} }, true},
		{"unknown parameter", func(sid string) url.Values { return url.Values{"sid": {sid}, "x": {"y"}} }, true},
		{"wrong issuer", func(sid string) url.Values { return url.Values{"sid": {sid}, "iss": {"https://evil.example"}} }, false},
		{"right issuer with a slash", func(sid string) url.Values { return url.Values{"sid": {sid}, "iss": {ours + "/"}} }, false},
		{"empty issuer", func(sid string) url.Values { return url.Values{"sid": {sid}, "iss": {""}} }, false},
		{"right and wrong issuer", func(sid string) url.Values { return url.Values{"sid": {sid}, "iss": {ours, "https://evil.example"}} }, false},
		{"wrong sid", func(sid string) url.Values { return url.Values{"sid": {sid + "0"}} }, false},
		{"prefix of the sid", func(sid string) url.Values { return url.Values{"sid": {sid[:8]}} }, false},
		{"sid with a wildcard", func(string) url.Values { return url.Values{"sid": {"%"}} }, false},
		{"empty sid", func(string) url.Values { return url.Values{"sid": {""}} }, false},
		{"no parameters", func(string) url.Values { return nil }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := s.signIn(priya)
			sid := readColumn(t, s, `SELECT sid FROM sessions ORDER BY created_at DESC LIMIT 1`)
			if sid == "" {
				t.Fatal("no sid is stored")
			}
			frame := s.browser() // in a cross-site frame, browsers do not send the desk's cookies
			frame.get("/auth/frontchannel-logout?" + tt.query(sid).Encode()).want(http.StatusOK)
			if ended := b.get("/").url.Path != "/"; ended != tt.ends {
				t.Errorf("session ended is %v, want %v", ended, tt.ends)
			}
		})
	}
}

// TestSignOutAtProvider checks that when a person signs out at the provider, the desk's
// session in the same browser ends too. Other sessions stay open.
func TestSignOutAtProvider(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, other, colleague := s.signIn(priya), s.signIn(priya), s.signIn(tomas)
	b.get("/auth/login?login_hint=" + priya).want(200) // signs in again, in the same session at the provider
	r, err := http.NewRequest(http.MethodGet, s.MicrosoftURL+"/"+emulator.DefaultTenant+"/oauth2/v2.0/logout", nil)
	if err != nil {
		t.Fatal(err)
	}
	frames := b.do(r).want(200, "You are signed out").doc.Find("iframe")
	if frames.Length() != 1 {
		t.Fatalf("%d frames, want 1", frames.Length())
	}
	to := mustURL(t, frames.AttrOr("src", ""))
	if query := to.Query(); query.Get("sid") == "" || len(query) != 1 || to.Path != "/auth/frontchannel-logout" {
		t.Errorf("the frame's address is %s", to)
	}
	s.browser().get(to.RequestURI()).want(200) // without cookies, as from a cross-site frame
	if b.get("/").url.Path == "/" {
		t.Error("the session here is still open")
	}
	for _, b := range []*browser{other, colleague} {
		if b.get("/").url.Path != "/" {
			t.Error("somebody else's session ended")
		}
	}
}
