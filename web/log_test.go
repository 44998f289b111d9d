package web_test

import (
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// The log has exactly one line for each request, regardless of the request's contents.
func TestLogHasOneLinePerRequest(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(s *siteSettings) { s.trusted = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	b := s.visitor(priya)
	before := len(s.Log.String())
	r, err := http.NewRequest(http.MethodGet, b.url+"/"+url.PathEscape("a\nlevel=ERROR msg=\"forged\"\r\x1b[31m\u2028"), nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Forwarded-For", "198.51.100.7\tlevel=ERROR, 192.0.2.44")
	b.do(r).want(404)
	added := s.Log.String()[before:]
	line := regexp.MustCompile(`^time=\d{4}-\d\d-\d\dT\S+ level=INFO msg=request id=\w{16} method=GET path=/… route="" status=404 took=\S+ client=192\.0\.2\.44 person=\S{36} error=.*\n$`)
	if !line.MatchString(added) || strings.Count(added, "\n") != 1 {
		t.Errorf("the log says\n%q", added)
	}
}

func TestLogNamesRefusals(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	priya, dana := s.visitor(priya), s.visitor(dana)
	priya.post("/meetings", s.form()).want(303)
	for name, tt := range map[string]struct {
		do   func()
		want string
	}{
		"no role":                 {func() { s.visitor(sam).get("/").want(403) }, `path=/ .*status=403 .*error=".*access\.no_role`},
		"not an administrator":    {func() { dana.get("/admin/presets").want(403) }, `path=/admin/presets .*status=403 .*error=".*access\.administrator`},
		"somebody else's meeting": {func() { s.visitor(tomas).get("/meetings/1").want(404) }, `path=/meetings/1 .*status=404 .*error=`},
		"cross-site form": {func() {
			r, err := http.NewRequest(http.MethodPost, s.url+"/meetings", strings.NewReader(""))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			priya.do(r).want(403)
		}, `method=POST path=/meetings .*status=403 .*error=".*crosssite\.refused`},
		"forged callback": {func() { priya.get("/auth/callback?code=x&state=y").want(401) }, `path=/auth/callback .*status=401 .*error=".*signin\.state`},
		"body that is no form": {func() {
			r, err := http.NewRequest(http.MethodPost, s.url+"/meetings", strings.NewReader("{}"))
			if err != nil {
				t.Fatal(err)
			}
			priya.do(r).want(415)
		}, `path=/meetings .*status=415 .*error=`},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(s.Log.String())
			tt.do()
			if added := s.Log.String()[before:]; !regexp.MustCompile(tt.want).MatchString(added) {
				t.Errorf("the log says\n%s", added)
			}
		})
	}
}
