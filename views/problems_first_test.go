package views_test

import (
	"strings"
	"testing"
)

// TestProblemsComeFirst checks that a page with an invalid field has an error summary
// before the heading. On import pages, the summary may come after the heading. The page
// that lists an import's invalid rows needs no summary.
func TestProblemsComeFirst(t *testing.T) {
	summaries := 0
	for _, s := range samples(t) {
		var b strings.Builder
		if err := s.Page.Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		_, main, _ := strings.Cut(b.String(), "<main")
		summary := strings.Index(main, `id="problems"`)
		if summary < 0 {
			if strings.Contains(main, `aria-invalid="true"`) && !strings.Contains(main, `class="faulty`) {
				t.Errorf("%s: a field is wrong, and there is no summary", s.Name)
			}
			continue
		}
		summaries++
		if heading := strings.Index(main, "<h1"); summary > heading && !strings.HasPrefix(s.Name, "import-") {
			t.Errorf("%s: the summary comes after the heading", s.Name)
		}
	}
	if summaries < 10 {
		t.Errorf("only %d pages have a summary", summaries)
	}
}
