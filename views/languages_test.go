package views_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"github.com/PuerkitoBio/goquery"

	"meetdesk/locale"
)

// speaking is a testing.TB with a printer. The english function returns that printer.
type speaking struct {
	testing.TB
	printer locale.Printer
}

// pseudo returns a printer that encloses each message in ⟪⟫. Text outside these marks does
// not come from the catalogue.
func pseudo(t testing.TB) locale.Printer {
	t.Helper()
	text, err := os.ReadFile("../locale/en.json")
	if err != nil {
		t.Fatal(err)
	}
	var english map[string]any
	if err := json.Unmarshal(text, &english); err != nil {
		t.Fatal(err)
	}
	marked := make(map[string]any, len(english))
	for key, value := range english {
		switch value := value.(type) {
		case string:
			marked[key] = mark(key, value)
		case map[string]any:
			forms := make(map[string]any, len(value))
			for form, sentence := range value {
				forms[form] = mark(key, fmt.Sprint(sentence))
			}
			marked[key] = forms
		}
	}
	if text, err = json.Marshal(marked); err != nil {
		t.Fatal(err)
	}
	c, err := locale.LoadFrom(fstest.MapFS{"en.json": {Data: text}})
	if err != nil {
		t.Fatal(err)
	}
	return c.Printer("en")
}

// mark encloses a message in ⟪⟫. In a list of weekdays or months, it encloses each name. It
// does not mark date and time patterns.
func mark(key, sentence string) string {
	switch key {
	case "date.pattern", "time.layout":
		return sentence
	case "date.weekdays", "date.months":
		return "⟪" + strings.Join(strings.Fields(sentence), "⟫ ⟪") + "⟫"
	}
	return "⟪" + sentence + "⟫"
}

// TestNothingIsUntranslated checks that the text on the sample pages, including attributes
// and mailto links, comes from the catalogue. The visible function and the theirs pattern
// define the exceptions.
func TestNothingIsUntranslated(t *testing.T) {
	for _, s := range samples(speaking{t, pseudo(t)}) {
		t.Run(s.Name, func(t *testing.T) {
			doc := parse(t, s.Page)
			for _, text := range visible(doc) {
				if left := untranslated(text); left != "" {
					t.Errorf("not from the catalogue: %q in %q. If that is what a person or Microsoft wrote, add it to theirs", left, text)
				}
			}
		})
	}
}

// notWords lists data attributes that do not contain text for users. An exception is
// data-people, from which the visible function extracts the error messages.
var notWords = map[string]bool{
	"data-tone": true, "data-standing": true, "data-theme": true, "data-copy": true, "data-people": true, "data-guard": true,
	"data-from": true, "data-preset": true, "data-events": true, "data-state": true, "data-tenths": true, "data-by": true, "data-share": true, "data-ticket": true,
}

// visible returns the text of the page that is displayed or read aloud. It omits the
// page-specific part of the title and text that is not translated, such as time zone names
// and code.
func visible(doc *goquery.Document) (texts []string) {
	doc.Find(`select[name="time_zone"] option:not([value=""]), code, pre.commands, textarea`).Remove()
	for _, element := range doc.Find("html *").EachIter() {
		node := element.Get(0)
		for _, a := range node.Attr {
			switch {
			case a.Key == "data-people":
				for _, problem := range chipErrors.FindAllStringSubmatch(a.Val, -1) {
					texts = append(texts, problem[1])
				}
			case strings.HasPrefix(a.Key, "data-") && !notWords[a.Key],
				a.Key == "aria-label", a.Key == "aria-description", a.Key == "title", a.Key == "placeholder", a.Key == "alt":
				texts = append(texts, a.Val)
			case a.Key == "href" && strings.HasPrefix(a.Val, "mailto:"):
				if letter, err := url.Parse(a.Val); err == nil {
					texts = append(texts, letter.Query().Get("subject"), letter.Query().Get("body"))
				}
			}
		}
		for _, child := range element.Contents().EachIter() {
			switch {
			case goquery.NodeName(child) != "#text" || node.Data == "title":
			case node.Data == "noscript": // the parser returns the content of noscript as text
				texts = append(texts, tags.ReplaceAllString(child.Text(), " "))
			default:
				texts = append(texts, child.Text())
			}
		}
		if node.Data == "title" { // package web sets the part before " · ", so only the rest is checked here
			_, product, _ := strings.Cut(element.Text(), " · ")
			texts = append(texts, product)
		}
	}
	return texts
}

// chipErrors matches the error messages in the JSON of the attendee field.
var chipErrors = regexp.MustCompile(`"error":"([^"]*)"`)

var tags = regexp.MustCompile(`<[^>]*>`)

// untranslated removes the marked messages, which can be nested, and the matches of the
// theirs pattern from the text. It returns "" if no letters are left.
func untranslated(text string) string {
	var outside strings.Builder
	depth := 0
	for _, r := range text {
		switch {
		case r == '⟪':
			depth++
			outside.WriteByte(' ')
		case r == '⟫':
			depth--
		case depth == 0:
			outside.WriteRune(r)
		}
	}
	left := theirs.ReplaceAllString(outside.String(), " ")
	if strings.ContainsFunc(left, unicode.IsLetter) {
		return strings.TrimSpace(left)
	}
	return ""
}

// theirs matches text in the samples that does not come from the catalogue, such as names,
// tickets, times, user input and messages from Microsoft.
var theirs = regexp.MustCompile(strings.Join([]string{
	`https?://\S+`, `\S+@\S+`, // links and addresses
	`Priya Nair`, `Tomás Oliveira`, `Dana Whitfield`, `Alex Admin`, `Sam Norole`, `Ana Conceição`,
	`(?:A1-)+Z?`, `\b[A-Z]+-?\d[\d~-]*`, `inc-0012345~2`, `CASE-77-2027`, // tickets
	`Laptop does not start(?: after the update)?|Laptop again|Laptop, second try`, `Enrolment interview: Mrs Almeida and her son`, `Handed over by a colleague`, `Second screen`,
	`The caller reports that the link .* is refused\.?`, `Reported as not working, 10:42`, `Called back`, // notes
	`Erased person 2`, `^ zoe$`, `future\.action`, `unknown to this version`, `: printer`, // entries of the audit log
	`VPN from home`, `Printer on the third floor`, `W{255,256}`, `Firefox, Windows`, `Samsung Internet, Android`, `2001:db8:[0-9a-f:]+`, `<script>.*</script>`, // subjects and searches
	`Change review`, `CHG-`, `Review of (?:\{ticket\}|CHG-)`, `\bW{60}\b`, `<b>W*`, // presets
	`exams\.xlsx`, `Oral exam`, `W{100}`, `inc 0012345`, // imports
	`INC and seven digits, such as`, // from the desk's configuration
	`The caller hears nothing.`, `Tried twice.`, `aB3xYz`, `^[A-Za-z]$`, `3f0c9a5e71b24d18`, `AADSTS\d+`, `Forbidden|UnknownError|Conflict|InvalidAuthenticationToken`, `somethingNew`, `^nobody$`, `: nobody ·`, `: general$`, `^gone$`,
	`\bUTC\b`, `\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ`, `\b[\d.]+m?s\b`, `[A-Z]\w+/[A-Z]\w+`, // times, durations, zones
	`(?:client-)?request-id`, // headers that Microsoft's support asks for by name
}, "|"))

func TestUntranslatedIsFound(t *testing.T) {
	for text, want := range map[string]string{
		"⟪All of it⟫":                 "",
		"⟪a ⟪b⟫ c⟫, 10:00 · ⟪d⟫":      "",
		"⟪Wed⟫ 3 ⟪Mar⟫ 2027 Copied":   "3   2027 Copied",
		"Priya Nair ⟪said⟫":           "",
		"Save":                        "Save",
		"INC0012345 ⟪Ready⟫ UTC":      "",
		"⟪Subject⟫: Laptop again end": ":   end",
	} {
		if got := untranslated(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestEverySampleInEveryLanguage renders the samples in each language. It fails if a key
// is unknown, a placeholder is not filled in, or the page declares the wrong language.
func TestEverySampleInEveryLanguage(t *testing.T) {
	c, err := catalogue()
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range c.Printer().Languages() {
		for _, s := range samples(speaking{t, c.Printer(language.Tag)}) {
			html := render(t, s.Page)
			for _, never := range []string{"⟦", "no value", "{{", "%!"} {
				if strings.Contains(html, never) {
					t.Errorf("%s in %s contains %q", s.Name, language.Name, never)
				}
			}
			if !strings.Contains(html, `<html lang="`+language.Tag+`"`) {
				t.Errorf("%s in %s is marked as another language", s.Name, language.Name)
			}
		}
	}
}
