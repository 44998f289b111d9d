package views_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"meetdesk/views/gallery"
)

var update = flag.Bool("update", false, "write the files of testdata anew")

// goldenLook is that of the files: static files have their bare names, so that
// a change of the stylesheet changes none of them.
func goldenLook(t testing.TB, language string) gallery.Look {
	t.Helper()
	c, err := catalogue()
	if err != nil {
		t.Fatal(err)
	}
	return gallery.Look{T: c.Printer(language), Static: func(name string) string { return "/static/" + name }}
}

// TestGolden compares every sample in every language with its file in testdata:
// what a change does to pages is seen in the change itself.
func TestGolden(t *testing.T) {
	c, err := catalogue()
	if err != nil {
		t.Fatal(err)
	}
	belongs := make(map[string]bool)
	for _, language := range c.Printer().Languages() {
		for _, s := range gallery.Samples(goldenLook(t, language.Tag)) {
			file := filepath.Join("testdata", s.Name+"."+language.Tag+".html")
			if belongs[file] {
				t.Errorf("two samples are called %s", s.Name)
			}
			belongs[file] = true
			compareGolden(t, file, lines(render(t, s.Page)))
		}
	}
	there, err := filepath.Glob("testdata/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range there {
		switch {
		case belongs[file]:
		case *update:
			if err := os.Remove(file); err != nil {
				t.Error(err)
			}
		default:
			t.Errorf("%s is of no sample any more: go test ./views -update removes it", file)
		}
	}
}

func compareGolden(t *testing.T, file, got string) {
	t.Helper()
	want, err := os.ReadFile(file)
	switch {
	case err == nil && string(want) == got:
	case *update:
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	case err != nil:
		t.Errorf("%v: go test ./views -update writes it", err)
	default:
		t.Errorf("%s is another page now; if it is meant to be, go test ./views -update:\n%s", file, diff(string(want), got))
	}
}

// lines breaks a page into lines where one tag follows another, a space going
// with the second, and leaves the rest as it is. The zones to choose from, of which there are hundreds, would
// hide the page: what stays of them is the first and whichever is chosen.
func lines(page string) string {
	page = between.ReplaceAllString(page, ">\n$1<")
	return zones.ReplaceAllStringFunc(page, func(all string) string {
		first, rest, _ := strings.Cut(all, "\n")
		kept := []string{first}
		for line := range strings.Lines(rest) {
			if strings.Contains(line, " selected") {
				kept = append(kept, strings.TrimSuffix(line, "\n"))
			}
		}
		return strings.Join(append(kept, "…\n"), "\n")
	}) + "\n"
}

var (
	between = regexp.MustCompile(`>( *)<`)
	zones   = regexp.MustCompile(`(?:<option[ >][^\n]*</option>\n){20,}`) // no other field has so many
)

// longestDiff is how many lines a failure shows.
const longestDiff = 40

// diff shows what became of the lines: those that went with a minus, those that
// came with a plus, and where.
func diff(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	common := make([][]int, len(a)+1) // common[i][j]: how many lines a[i:] and b[j:] share, in order
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var shown []string
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			shown = append(shown, fmt.Sprintf("%5d - %s", i+1, a[i]))
			i++
		default:
			shown = append(shown, fmt.Sprintf("%5d + %s", j+1, b[j]))
			j++
		}
	}
	if more := len(shown) - longestDiff; more > 0 {
		shown = append(shown[:longestDiff], fmt.Sprintf("and %d lines more", more))
	}
	return strings.Join(shown, "\n")
}

func TestDiff(t *testing.T) {
	want := "one\ntwo\nthree\nfour"
	for got, shown := range map[string]string{
		want:                         "",
		"one\nthree\nfour":           "    2 - two",
		"one\n2\nthree\nfour\nfive":  "    2 - two\n    2 + 2\n    5 + five",
		"zero\none\ntwo\nthree\nfor": "    1 + zero\n    4 - four\n    5 + for",
	} {
		if d := diff(want, got); d != shown {
			t.Errorf("%q is told from %q by\n%s, want\n%s", got, want, d, shown)
		}
	}
}

func TestLines(t *testing.T) {
	var page, want strings.Builder
	page.WriteString("<p>a <b>c</b> <i>d</i></p><select>")
	want.WriteString("<p>a <b>c</b>\n <i>d</i>\n</p>\n<select>\n<option value=\"0\">0</option>\n<option value=\"9\" selected>9</option>\n…\n</select>\n")
	for i := range 30 {
		chosen := ""
		if i == 9 {
			chosen = " selected"
		}
		fmt.Fprintf(&page, `<option value="%d"%s>%d</option>`, i, chosen, i)
	}
	page.WriteString("</select>")
	if got := lines(page.String()); got != want.String() {
		t.Errorf("got\n%s\nwant\n%s", got, want.String())
	}
}
