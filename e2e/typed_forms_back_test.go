package e2e_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"meetdesk/testenv"
)

// typedForms lists forms that are submitted to the path of their own page; see
// paths.Submit. The map texts contains the values to enter, keyed by field ID.
var typedForms = []struct {
	name, page string
	texts      map[string]string
}{
	{"adopt", "/meetings/adopt", map[string]string{"join_url": "https://teams.example/typed"}},
	{"audit filter", "/admin/audit", map[string]string{"who": "dana", "meeting": "INC7", "from": "2027-03-01"}},
}

// TestBackToTypedForms submits each form while the desk is busy with the same person's
// requests. After the error page, the Back button must lead to the form with everything that
// was typed, with and without the site's scripts.
func TestBackToTypedForms(t *testing.T) {
	testenv.SkipUnlessLong(t)
	t.Parallel()
	for _, scripts := range []bool{true, false} {
		t.Run(fmt.Sprintf("scripts %v", scripts), func(t *testing.T) {
			t.Parallel()
			d := startDesk(t)
			d.fails = true
			b := openBrowser(t, d)
			b.signIn("Alex Admin")
			if !scripts {
				b.withoutSiteScripts()
			}
			for _, f := range typedForms {
				b.open(f.page, 200)
				for id, text := range f.texts {
					do(b, "type into "+id, chromedp.SetValue("#"+id, text))
				}
				before := b.values(f.texts)
				end := b.occupy()
				b.submitForm(f.texts)
				b.waitFor("status 429")
				end()
				b.back()
				if after := b.values(f.texts); !maps.Equal(after, before) {
					t.Errorf("%s: after going back, the form has %q, want %q", f.name, after, before)
				}
			}
			b.complaints.forget() // the refused requests are expected
		})
	}
}

// submitForm submits the form that contains the given fields.
func (b *browser) submitForm(texts map[string]string) {
	b.t.Helper()
	ids := fmt.Sprintf("%q", slices.Sorted(maps.Keys(texts)))
	ids = strings.ReplaceAll(ids, `" "`, `", "`)
	do(b, "submit", chromedp.Evaluate[any](`setTimeout(() => `+ids+`.map((id) => document.getElementById(id).form).find(Boolean).requestSubmit()); 0`))
}

func (b *browser) values(of map[string]string) map[string]string {
	b.t.Helper()
	got := make(map[string]string)
	for id := range of {
		got[id] = eventually(b, chromedp.Evaluate[string](fmt.Sprintf(`document.getElementById(%q).value`, id)))
	}
	return got
}

// withoutSiteScripts blocks the site's script file. It does not turn scripts off, because
// Chromium would then not respond to DevTools after going back.
func (b *browser) withoutSiteScripts() {
	b.t.Helper()
	call(b, network.Enable, network.EnableParams{})
	call(b, network.SetBlockedURLs, network.SetBlockedURLsParams{URLPatterns: []*network.BlockPattern{{URLPattern: "*://*:*/static/*js*", Block: true}}})
}
