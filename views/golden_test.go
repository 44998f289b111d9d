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

var update = flag.Bool("update", false, "rewrite the files in testdata")

// framedSample is the sample whose frame, the page without <main>, is stored in
// testdata/frame.html.
const framedSample = "home"

// TestGolden compares the <main> of every sample in English with its file in testdata.
func TestGolden(t *testing.T) {
	want := make(map[string]bool)
	compare := func(name, got string) {
		file := filepath.Join("testdata", name+".html")
		if want[file] {
			t.Errorf("two samples are called %s", name)
		}
		want[file] = true
		compareGolden(t, file, lines(got))
	}
	// URLs of static files have no hash here, so that a changed file does not change the
	// stored pages.
	look := gallery.Look{T: english(t), Static: func(name string) string { return "/static/" + name }}
	for _, s := range gallery.Samples(look) {
		frame, main := splitMain(t, render(t, s.Page))
		compare(s.Name, main)
		if s.Name == framedSample {
			compare("frame", frame)
		}
	}
	if !want[filepath.Join("testdata", "frame.html")] {
		t.Errorf("no sample is called %s", framedSample)
	}
	removeOthers(t, want)
}

// removeOthers fails the test if testdata contains files for which there is no sample.
// With -update, it removes these files instead.
func removeOthers(t *testing.T, want map[string]bool) {
	t.Helper()
	files, err := filepath.Glob("testdata/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		switch {
		case want[file]:
		case *update:
			if err := os.Remove(file); err != nil {
				t.Error(err)
			}
		default:
			t.Errorf("no sample has %s; go test ./views -update removes it", file)
		}
	}
}

func splitMain(t *testing.T, page string) (frame, main string) {
	t.Helper()
	before, rest, opened := strings.Cut(page, "<main ")
	main, after, closed := strings.Cut(rest, "</main>")
	if !opened || !closed {
		t.Fatalf("the page has no <main>:\n%s", page)
	}
	return before + "<main>…</main>" + after, "<main " + main + "</main>"
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
		t.Errorf("%v; go test ./views -update writes it", err)
	default:
		t.Errorf("the page differs from %s. If you meant to change it, run go test ./views -update:\n%s", file, diff(string(want), got))
	}
}

// lines puts each tag that follows another tag on a separate line. It shortens lists of
// time zones, which would otherwise make the file unreadable.
func lines(page string) string {
	page = between.ReplaceAllString(page, ">\n$1<")
	return zones.ReplaceAllStringFunc(page, func(all string) string {
		first, rest, _ := strings.Cut(all, "\n")
		short := []string{first}
		for line := range strings.Lines(rest) {
			if strings.Contains(line, " selected") {
				short = append(short, strings.TrimSuffix(line, "\n"))
			}
		}
		return strings.Join(append(short, "…\n"), "\n")
	}) + "\n"
}

var (
	between = regexp.MustCompile(`>( *)<`)
	zones   = regexp.MustCompile(`(?:<option[ >][^\n]*</option>\n){20,}`) // only the list of time zones is this long
)

// longestDiff is the maximum number of diff lines in a failure message.
const longestDiff = 40

// diff lists removed lines with a minus and added lines with a plus, each with its line
// number.
func diff(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	common := make([][]int, len(a)+1) // common[i][j] is the length of the longest common subsequence of a[i:] and b[j:]
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
		shown = append(shown[:longestDiff], fmt.Sprintf("and %d more lines", more))
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
			t.Errorf("the diff of %q and %q is\n%s, want\n%s", want, got, d, shown)
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
