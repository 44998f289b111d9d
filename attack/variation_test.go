package attack_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"meetdesk/testenv"
)

// oddValues returns unusual values for a claim, keyed by description. Many are derived from
// the correct value. Most of them are invalid; see admittedValues.
func oddValues(right any) map[string]any {
	values := map[string]any{
		"true": true, "zero": 0, "negative": -1, "huge": 1e300, "fraction": 1.5, "empty": "", "space": " ", "list": []any{}, "lists": []any{[]any{right}}, "object": object{}, "query": object{"$ne": ""}, "text of null": "null",
	}
	text, ok := right.(string)
	if !ok {
		values["as text"] = fmt.Sprintf("%.0f", right)
		values["in milliseconds, before 1970"] = -1000 * right.(float64)
		return values
	}
	for name, value := range map[string]string{
		"space before": " " + text, "space after": text + " ", "line after": text + "\n", "NUL after": text + "\x00", "upper case": strings.ToUpper(text), "title": strings.ToTitle(text[:1]) + text[1:] + "X",
		"escaped": url.QueryEscape(text) + "%00", "zero width": text + "\u200b", "soft hyphen": text[:1] + "\u00ad" + text[1:], "full width": string(rune(text[0])+0xfee0) + text[1:], "twice": text + text, "comma": text + "," + text, "shorter": text[:len(text)-1], "braces": "{" + text + "}", "quoted": `"` + text + `"`,
	} {
		if value != text {
			values[name] = value
		}
	}
	values["list of two"] = []any{"another", text}
	return values
}

// admittedValues lists the valid odd values of the claims that TestVariedClaims checks
// strictly. A second audience is valid only if azp names the desk.
var admittedValues = map[string][]string{
	"exp": {"as text"}, "iat": {"as text", "zero", "fraction"}, "tid": {"upper case"}, "oid": {"upper case"}, "aud": {"list of two"},
}

// TestVariedClaims signs in with odd values for each claim. No value may sign in another
// existing user or grant a role above staff. An oid without control characters may sign in
// a new user. For the claims listed in strict, the desk accepts only the values in
// admittedValues.
func TestVariedClaims(t *testing.T) {
	testenv.SkipUnderRace(t)
	testenv.SkipUnlessLong(t)
	strict := []string{"iss", "aud", "nonce", "tid", "oid", "exp", "iat"}
	for _, name := range append(strict, "nbf", "azp", "roles", "sid", "acct", "idp", "preferred_username", "name", "ver", "auth_time") {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			right := any("1")
			s.forge(func(f *forgery) {
				if f.claims[name] != nil {
					right = f.claims[name]
				}
			})
			s.signIn(priya)
			if name == "roles" {
				right = "Meetdesk.Staff"
			}
			for kind, value := range oddValues(right) {
				s.Exec(`DELETE FROM sessions`)
				s.forge(func(f *forgery) { f.claims[name] = value })
				if p := s.browser().get("/auth/login?login_hint=" + priya); p.status >= 500 {
					t.Errorf("%s: status %d", kind, p.status)
				}
				role := s.column(`SELECT coalesce(group_concat(u.role), '') FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.id = 1`)
				others := s.column(`SELECT coalesce(group_concat(u.oid || ' ' || u.role), '') FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.id <> 1`)
				switch isID := name == "oid" && !strings.ContainsFunc(others, unicode.IsControl) && strings.HasSuffix(others, " staff"); {
				case others != "" && (!isID || others != fmt.Sprint(value)+" staff"):
					t.Errorf("%s: %q signed in as %q", kind, value, others)
				case role != "" && role != "staff" && role != "none":
					t.Errorf("%s: %q signed in as %s", kind, value, role)
				case role != "" && slices.Contains(strict, name) && !slices.Contains(admittedValues[name], kind):
					t.Errorf("%s: %q was accepted", kind, value)
				}
			}
			s.checkSecrets(s.Log.String())
		})
	}
}

// hiddenPaths returns variants of the path that proxies and routers may interpret
// differently.
func hiddenPaths(path string) []string {
	rest := strings.TrimPrefix(path, "/")
	first, _, _ := strings.Cut(rest, "/")
	return []string{
		path, "/" + path, "//" + path, "/./" + rest, "/x/../" + rest, "/static/.." + path, "/static/..%2f" + rest, "/static/%2e%2e/" + rest, "/" + strings.ToUpper(rest), "/%" + fmt.Sprintf("%02x", rest[0]) + rest[1:],
		strings.Replace(path, "/"+first+"/", "/"+first+"%2f", 1), path + "/", path + "/.", path + "/..;/", path + ";.css", path + "%00", path + "%00.css", path + "%20", path + ".css", path + "?_method=GET", path + "%3fx", path + "#", "/auth/..;" + path, "/healthz/.." + path, "/%2e" + path, `/\` + rest, "/t/..%2f.." + path, "/t/%2e%2e" + path,
	}
}

func TestVariedPaths(t *testing.T) {
	testenv.SkipUnderRace(t)
	testenv.SkipUnlessLong(t)
	s := newSite(t)
	owner := s.signIn(tomas)
	owner.post("/meetings", s.form("subject", "Secret of Tomas")) // gets ID 1
	s.signIn("alex@contoso.example").post("/admin/presets", url.Values{"name": {"Secret preset"}})
	people := map[string]*browser{"a stranger": s.browser().still(), "a clerk": s.signIn(priya).still()}
	tries := 0
	for _, path := range []string{"/meetings/1", "/meetings/1/edit", "/meetings/1/invitation.ics", "/admin/presets", "/admin/audit", "/admin/audit.csv", "/admin/people/1", "/admin/retention"} {
		for _, spelling := range hiddenPaths(path) {
			for who, b := range people {
				for _, method := range []string{http.MethodGet, http.MethodHead} {
					r := b.request(method, "/", nil)
					raw, query, _ := strings.Cut(spelling, "?")
					r.URL.Opaque, r.URL.RawQuery = "//"+r.URL.Host+raw, query
					p := b.do(r)
					tries++
					if strings.Contains(p.body, "Secret") || strings.Contains(p.body, "Tomás Oliveira") || strings.Contains(p.body, "BEGIN:VCALENDAR") {
						t.Errorf("%s got %s %s with status %d:\n%.500s", who, method, spelling, p.status, p.text())
					}
					if to := p.header.Get("Location"); p.status >= 500 || strings.HasPrefix(to, "//") || strings.HasPrefix(to, `/\`) {
						t.Errorf("%s: %s %s has status %d and leads to %q", who, method, spelling, p.status, to)
					}
				}
			}
		}
	}
	t.Logf("%d requests", tries)
}

// TestVariedOrigins checks that the desk refuses forms with unexpected Sec-Fetch-Site and
// Origin headers.
func TestVariedOrigins(t *testing.T) {
	testenv.SkipUnderRace(t)
	testenv.SkipUnlessLong(t)
	s := newSite(t)
	b := s.signIn(priya)
	host := parse(t, s.url).Host
	tries := []http.Header{}
	for _, site := range []string{"cross-site", "same-site", "Cross-Site", "cross-site, same-origin", "same-origin, cross-site", "SAME-ORIGIN", "same-origin;x", "\u00a0same-origin", "same_origin", "null", "0"} {
		tries = append(tries, http.Header{"Sec-Fetch-Site": {site}}, http.Header{"Sec-Fetch-Site": {site}, "Origin": {"http://evil.example"}}, http.Header{"Sec-Fetch-Site": {site, "same-origin"}})
	}
	for _, origin := range []string{"null", "http://" + host + ".evil.example", "http://evil.example#" + s.url, "http://" + host + "@evil.example", "http://evil.example/" + host, "http://localhost.:" + parse(t, s.url).Port(), "http://localhost", "http://127.0.0.1:" + parse(t, s.url).Port(), "https://" + host, "ws://" + host, "file://", "//" + host, host, "http://evil.example, " + s.url, s.url + ", http://evil.example", "http://[::1]:" + parse(t, s.url).Port(), "http://%6cocalhost:" + parse(t, s.url).Port(), "x"} {
		tries = append(tries, http.Header{"Origin": {origin}}, http.Header{"Origin": {origin, s.url}})
	}
	for i, header := range tries {
		for name, path := range map[string]string{"meeting": "/meetings", "preference": "/preferences", "sign-out": "/auth/logout"} {
			r := b.still().request(http.MethodPost, path, strings.NewReader(s.form("external_id", fmt.Sprint("EVIL-", i), "anyway", "1", "language", "pt-BR").Encode()))
			r.Header = header.Clone()
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if p := b.still().do(r); p.status != http.StatusForbidden {
				t.Errorf("%s with %v: status %d", name, header, p.status)
			}
		}
	}
	if n := len(s.Meetings()); n != 0 || s.column(`SELECT language FROM users WHERE id = 1`) != "" || s.column(`SELECT count(*) FROM sessions`) != "1" {
		t.Errorf("%d meetings were made, or a preference or session changed", n)
	}
	t.Logf("%d forms", 3*len(tries))
}

// TestVariedCookies checks that the desk accepts a session cookie only with its exact
// name and value.
func TestVariedCookies(t *testing.T) {
	testenv.SkipUnderRace(t)
	testenv.SkipUnlessLong(t)
	s := newSite(t)
	valid := s.signIn(priya).cookie()
	var tries []string
	for i := 0; i < len(valid); i += 3 {
		tries = append(tries, valid[:i]+valid[i+1:], valid[:i]+"A"+valid[i:], valid[:i]+string(valid[i]^2)+valid[i+1:])
	}
	for _, change := range []func(string) string{
		strings.ToLower, strings.ToUpper, url.QueryEscape, func(v string) string { return v + "=" }, func(v string) string { return v + "==" }, func(v string) string { return v + "." }, func(v string) string { return v + "%00" }, func(v string) string { return v + v }, func(v string) string { return "%" + fmt.Sprintf("%02X", v[0]) + v[1:] }, func(v string) string { return strings.ReplaceAll(v, "-", "+") + "/" }, func(v string) string { return v[1:] + v[:1] },
	} {
		if v := change(valid); v != valid {
			tries = append(tries, v)
		}
	}
	status := func(cookie string) int {
		s.SetAhead(s.Ahead() + time.Second) // avoid the rate limit for requests without a session
		return s.sends(cookie).status
	}
	for _, value := range tries {
		if value == valid {
			continue
		}
		for _, name := range []string{"meetdesk", "Meetdesk", "__Host-meetdesk", "__Secure-meetdesk", " meetdesk", "meetdesk "} {
			if got := status(name + "=" + value); got != http.StatusSeeOther {
				t.Errorf("%q=%q: status %d", name, value, got)
			}
		}
	}
	for _, name := range []string{"Meetdesk", "MEETDESK", "__Host-meetdesk", "meetdesk-signin-0", "meetdesk%00", "$Version=1; $meetdesk"} {
		if got := status(name + "=" + valid); got != http.StatusSeeOther {
			t.Errorf("the cookie under the name %q: status %d", name, got)
		}
	}
	if got := status("meetdesk=" + valid); got != http.StatusOK {
		t.Errorf("the right cookie: status %d", got)
	}
	t.Logf("%d cookies", 6*len(tries))
}
