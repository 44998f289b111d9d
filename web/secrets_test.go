package web_test

import (
	"encoding/base64"
	"strings"
	"testing"
)

// A value that grants access or authenticates the origin of a request contains at least 128
// random bits or a signature of at least 128 bits. Each character of rand.Text contributes
// 5 random bits.
func TestSecretsHave128Bits(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.browser()
	back := s.authorize(b, "/auth/login?", priya)
	b.get(back).want(200)

	var sessionID string
	if err := cookieCodec(t).Decode("meetdesk", sessionCookie(t, b), &sessionID); err != nil {
		t.Fatal(err)
	}
	signIn := ""
	for _, c := range b.client.Jar.Cookies(mustURL(t, s.url)) {
		if strings.HasPrefix(c.Name, "meetdesk-signin-") {
			signIn = c.Value
		}
	}
	_, signature, _ := strings.Cut(b.get("/meetings/new").doc.Find(`input[name="signed_in_as"]`).AttrOr("value", ""), ".")
	signed, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil {
		t.Fatal(err)
	}
	for name, bits := range map[string]int{
		"session ID": 5 * len(sessionID), "sign-in cookie": 5 * len(signIn), "signature in a form": 8 * len(signed),
	} {
		if bits < 128 {
			t.Errorf("the %s has %d bits, want at least 128", name, bits)
		}
	}
}
