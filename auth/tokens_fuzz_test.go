package auth

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"meetdesk/meeting"
)

// oneStatus is like served, but the token endpoint answers with the given status.
type oneStatus struct {
	served
	status      int
	contentType string
}

func (o oneStatus) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path != "/t" {
		return o.served.RoundTrip(r)
	}
	return &http.Response{StatusCode: o.status, Header: http.Header{"Content-Type": {o.contentType}}, Body: io.NopCloser(strings.NewReader(o.served["/t"])), Request: r}, nil
}

// FuzzTokens asserts that a response to a refresh yields either usable tokens for the same
// person or an error. Errors must not contain the client secret or a token.
func FuzzTokens(f *testing.F) {
	const access, refresh = "the-old-access-token-of-priya", "the-old-refresh-token-of-priya"
	sign, keys := signer(f)
	mine, others := sign(goodClaims), sign(strings.Replace(goodClaims, `"oid":"o"`, `"oid":"p"`, 1))
	for _, body := range []string{
		`{"access_token":"a","refresh_token":"r","expires_in":3600,"scope":"openid","id_token":"MINE"}`, `{"access_token":"a","id_token":"OTHERS"}`, `{"access_token":"a","expires_in":"3600"}`,
		`{"access_token":"a","expires_in":-1}`, `{"access_token":"a","expires_in":1e99}`, `{"access_token":7}`, `{"ACCESS_TOKEN":"a"}`, `{"access_token":"","refresh_token":"r"}`, "", "[]", "<html>", "access_token=a&expires_in=5",
		`{"error":"invalid_grant","error_description":"SECRET REFRESH","error_codes":[50076],"claims":"{}"}`, `{"error":"REFRESH"}`, `{"access_token":"a","id_token":"a.b.c","token_type":"mac"}`,
	} {
		for _, status := range []int{200, 400, 401, 503} {
			f.Add(status, "application/json", body)
		}
	}
	f.Add(200, "application/x-www-form-urlencoded", "access_token=a&expires_in=99999999999999")
	f.Fuzz(func(t *testing.T, status int, contentType, body string) {
		body = strings.NewReplacer("MINE", mine, "OTHERS", others, "SECRET", fuzzSecret, "REFRESH", refresh).Replace(body)
		documents := served{metadataPath: metadata, "/k": keys, "/t": body}
		p := fuzzedProvider(documents)
		p.cfg.HTTP = &http.Client{Transport: oneStatus{documents, 200 + max(status, 0)%400, contentType}}
		fresh, err := p.Refresh(t.Context(), Tokens{AccessToken: access, RefreshToken: refresh, IDToken: mine, Scope: "openid"})
		if err != nil {
			wantClean(t, err, refresh, mine, others, access)
			return
		}
		if fresh.AccessToken == "" || fresh.RefreshToken == "" || fresh.Scope == "" || !fresh.Expiry.IsZero() && !fresh.Expiry.After(fuzzNow) || fresh.Expiry.After(fuzzNow.Add(1<<31*time.Second)) {
			t.Errorf("%q gives %+v", body, fresh)
		}
		found, err := p.discover(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if c, err := p.readIDToken(t.Context(), found, fresh.IDToken); err != nil || c.ObjectID != "o" {
			t.Errorf("%q gives the ID token of %q, %v", body, c.ObjectID, err)
		}
	})
}

// FuzzProbe asserts that every string that a probe extracts from a response is short and
// contains no control characters. A probe may report metadata only if the response is a
// discovery document.
func FuzzProbe(f *testing.F) {
	for _, body := range []string{
		metadata, strings.Replace(metadata, `{`, `{"msgraph_host":"a\u202eb","token_endpoint_auth_methods_supported":["x\u0000"],`, 1), "<html>AADSTS90002: no tenant\x00\u202e</html>", `{"error":"invalid_client","error_codes":[7000215]}`,
		`{"error":"a\nb","error_codes":[-1]}`, `{"error_codes":[1e99]}`, "", strings.Repeat("word ", 100), "\xff\xfe", "null",
	} {
		f.Add(200, "text/html; charset=x", body)
		f.Add(400, "application/json", body)
	}
	f.Fuzz(func(t *testing.T, status int, contentType, body string) {
		r := &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {contentType}, "Date": {contentType}}}
		var a Answer
		a.read(r, []byte(body))
		m := fuzzedProvider(map[string]string{metadataPath: body}).ProbeMetadata(t.Context())
		texts := append([]string{a.Text, a.Name, a.ContentType, m.Text, m.Name, m.Issuer, m.GraphHost}, m.Methods...)
		for _, text := range texts {
			if utf8.RuneCountInString(text) > 300 || !utf8.ValidString(text) || strings.ContainsFunc(text, meeting.IsControl) {
				t.Errorf("%q: %+q is reported", body, text)
			}
		}
		if m.Issuer != "" && (!strings.Contains(body, "issuer") || m.Text != "") {
			t.Errorf("%q: %+v", body, m)
		}
	})
}
