package web_test

import (
	"strings"
	"testing"
	"time"

	"meetdesk/emulator"
)

func TestAdministratorsSeeTheSkew(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, admin := s.signIn(priya), s.signIn(alex)
	for _, tt := range []struct {
		ahead time.Duration
		want  string
	}{
		{6*time.Minute + 2*time.Second, "server’s clock is 6 minutes behind Microsoft’s"},
		{-3*time.Hour + time.Minute, "server’s clock is 2 hours ahead of Microsoft’s"},
		{46 * time.Second, "seconds behind Microsoft’s"},
		{10 * time.Second, ""},
	} {
		s.graph.SetClockAhead(tt.ahead)
		s.graph.FailNext(createRoute, emulator.Failure{Status: 403, Code: "Forbidden"})
		b.post("/meetings", s.form()).want(200)
		for _, path := range []string{"/", "/admin/presets"} {
			if text := admin.get(path).want(200).text(); tt.want == "" && strings.Contains(text, "clock") || !strings.Contains(text, tt.want) {
				t.Errorf("%v: %s is\n%s\nwant %q", tt.ahead, path, text, tt.want)
			}
		}
		if text := b.get("/").want(200).text(); strings.Contains(text, "clock") {
			t.Errorf("%v: somebody else sees\n%s", tt.ahead, text)
		}
	}
}
