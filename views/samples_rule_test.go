package views_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// fragments are exported components that are only part of a page, so they have no sample
// of their own.
var fragments = []string{"GuardCard", "GuessCard", "ImportProgress", "MeetingTable"}

func TestEveryPageHasSample(t *testing.T) {
	templates := readAll(t, "*.templ")
	inGallery := readAll(t, "gallery/*.go")
	found := regexp.MustCompile(`(?m)^templ ([A-Z]\w*)\(p Page\b`).FindAllStringSubmatch(templates, -1)
	if len(found) < 10 {
		t.Fatalf("only %d pages found: the search for them is broken", len(found))
	}
	for _, match := range found {
		name := match[1]
		if !slices.Contains(fragments, name) && !strings.Contains(inGallery, "views."+name+"(") {
			t.Errorf("views.%s has no sample: add it to a file of views/gallery and to Samples in gallery.go", name)
		}
	}
}

// TestEveryErrorPageHasSample checks that every reason with an error page has a sample.
// Only such reasons have a title in the catalogue.
func TestEveryErrorPageHasSample(t *testing.T) {
	named := make(map[string]bool)
	for _, s := range samples(t) {
		named[s.Name] = true
	}
	found := regexp.MustCompile(`(\w+) +Reason = "([^"]+)"`).FindAllStringSubmatch(readAll(t, "../meeting/reason.go"), -1)
	if len(found) < 100 {
		t.Fatalf("only %d reasons found: the search for them is broken", len(found))
	}
	for _, match := range found {
		name, key := match[1], match[2]
		if english(t).Has(key+".title") && !named["error-"+key] {
			t.Errorf("the error page of %q has no sample: add meeting.%s to errorSamples in views/gallery/error.go", key, name)
		}
	}
}

func readAll(t *testing.T, pattern string) string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}
