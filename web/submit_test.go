package web_test

import (
	"testing"

	"github.com/PuerkitoBio/goquery"

	"meetdesk/paths"
)

// TestFormsAreSubmittedElsewhere checks that no form with fields is submitted to the URL of
// its own page. Chromium would not keep that page for the Back button.
func TestFormsAreSubmittedElsewhere(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(alex)
	addPresets(t, s)
	for _, page := range []string{paths.NewMeeting, paths.AdoptMeeting, paths.NewImport, paths.Audit, paths.NewPreset, paths.Preset(1), paths.Retention} {
		forms := b.get(page).want(200).doc.Find(`main form[method="post"]`).Has(`input:not([type="hidden"]), textarea, select`)
		if forms.Length() == 0 {
			t.Errorf("%s has no form", page)
		}
		forms.Each(func(_ int, form *goquery.Selection) {
			if action := form.AttrOr("action", ""); action == page {
				t.Errorf("%s has a form that is submitted to the same URL", page)
			}
		})
	}
}
