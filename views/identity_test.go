package views_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// TestFormsCarryTheirIdentity checks that every POST form in the samples identifies the
// user for whom its page was rendered, and that no other form does.
func TestFormsCarryTheirIdentity(t *testing.T) {
	forms := 0
	for _, s := range samples(t) {
		parse(t, s.Page).Find("form").Each(func(_ int, form *goquery.Selection) {
			field := form.Find(`input[type="hidden"][name="signed_in_as"]`)
			if form.AttrOr("method", "") != "post" {
				if field.Length() != 0 {
					t.Errorf("%s: %s takes it into an address", s.Name, form.AttrOr("action", ""))
				}
				return
			}
			forms++
			if field.Length() != 1 || field.AttrOr("value", "") == "" {
				t.Errorf("%s: the form for %s says nothing, or not once", s.Name, form.AttrOr("action", ""))
			}
		})
	}
	if forms < 100 {
		t.Errorf("only %d forms", forms)
	}
}

// TestFormsInTheSourcesCarryTheirIdentity makes the same check in the template sources,
// because some forms may not appear in any sample.
func TestFormsInTheSourcesCarryTheirIdentity(t *testing.T) {
	files, err := filepath.Glob("*.templ")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("ui/*.templ")
	if err != nil {
		t.Fatal(err)
	}
	form := regexp.MustCompile(`(?s)<form [^\n]*method="post"[^\n]*>\n(.*?)</form>`)
	says := regexp.MustCompile(`@formIdentity\(p\)|@s\.Identity|name=\{ form\.FieldSignedInAs \}`)
	found := 0
	for _, file := range append(files, more...) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range form.FindAllStringSubmatch(string(text), -1) {
			found++
			if !says.MatchString(one[1]) {
				t.Errorf("%s has a form that does not say for whom it is:\n%s", file, one[0])
			}
		}
		if open := strings.Count(string(text), "<form"); open != strings.Count(string(text), `method="post"`)+strings.Count(string(text), `method="get"`) {
			t.Errorf("%s has a form without a method", file)
		}
	}
	if found < 9 {
		t.Errorf("only %d forms", found)
	}
}
