package web_test

import (
	"fmt"
	"strings"
	"testing"

	"meetdesk/emulator"
)

// TestLinksWithPeoplePassProxy checks that links to a form with people filled in are
// short enough for nginx. In a URL, a single letter of a name can take nine bytes.
func TestLinksWithPeoplePassProxy(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
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
			another := b.post("/meetings", form).want(200, "Created").doc.Find(`.actions a[href^="/meetings/new"]`).AttrOr("href", "")
			s.graph.FailNext(createRoute, emulator.Failure{Status: 403, Code: "Forbidden"})
			form.Set("external_id", id+"-refused")
			retry := b.post("/meetings", form).want(200, "Retry").doc.Find(`.banner a[href^="/meetings/new"]`).AttrOr("href", "")
			for name, link := range map[string]string{"another": another, "retry": retry} {
				got := fields(b.get(link).want(200)).Get("attendees")
				if n := strings.Count(got, "@"); n != 0 && n != count || n == 0 && count == 12 {
					t.Errorf("%s, %s: the link of %d bytes has %d of %d people", id, name, len(link), n, count)
				}
			}
		}
	}
}
