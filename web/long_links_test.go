package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"meetdesk/emulator"
	"meetdesk/testenv"
)

// TestLinksWithPeoplePassProxy checks that the buttons that fill in a form with many
// people work behind nginx. The URL of a link would be too long, because a percent-encoded
// letter can take nine bytes.
func TestLinksWithPeoplePassProxy(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	s := newSite(t, behindNginx)
	b := s.signIn(priya)
	for i, word := range []string{"ทดสอบชื่อ", "Пользователь", "会議室利用者", "Ação Ímpar", "Somebody"} {
		for _, count := range []int{12, 36, 60} {
			var people strings.Builder
			for n := range count {
				fmt.Fprintf(&people, "%s <person%d@contoso.example>\n", strings.Repeat(word, 2), n)
			}
			id := fmt.Sprintf("LONG-%d-%d", i, count)
			form := s.form("external_id", id, "subject", strings.Repeat("ж", 255), "attendees", people.String())
			another := formFields(b.post("/meetings", form).want(200, "Created").doc.Find(`.actions form:contains("Another meeting")`))
			s.graph.FailNext(createRoute, emulator.Failure{Status: 403, Code: "Forbidden"})
			form.Set("external_id", id+"-refused")
			retry := formFields(b.post("/meetings", form).want(200, "Retry").doc.Find(`.banner form:contains("Edit and send again")`))
			for name, filled := range map[string]url.Values{"another": another, "retry": retry} {
				got := fields(b.post("/meetings", filled).want(200)).Get("attendees")
				if n := strings.Count(got, "@"); n != count {
					t.Errorf("%s, %s: the form has %d of %d people", id, name, n, count)
				}
			}
		}
	}
}
