package views_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"
)

func render(t testing.TB, page templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := page.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func parse(t testing.TB, page templ.Component) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(render(t, page)))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func find(t testing.TB, name string) *goquery.Document {
	t.Helper()
	for _, s := range samples(t) {
		if s.Name == name {
			return parse(t, s.Page)
		}
	}
	t.Fatalf("no sample %q", name)
	return nil
}

// TestEveryPage checks all samples for missing text, inline scripts and styles, and
// controls without a name.
func TestEveryPage(t *testing.T) {
	for _, s := range samples(t) {
		t.Run(s.Name, func(t *testing.T) {
			html := render(t, s.Page)
			for _, never := range []string{"⟦", "<no value>", "&lt;no value", "style=", "<style", " onclick", "javascript:", "TemplFailed", "%!"} {
				if strings.Contains(html, never) {
					t.Errorf("contains %q", never)
				}
			}
			doc := parse(t, s.Page)
			checkDocument(t, doc)
			checkControls(t, doc)
			checkReferences(t, doc)
		})
	}
}

func checkDocument(t *testing.T, doc *goquery.Document) {
	t.Helper()
	if lang, _ := doc.Find("html").Attr("lang"); lang != "en" {
		t.Errorf("html lang = %q", lang)
	}
	if n := doc.Find("h1").Length(); n != 1 {
		t.Errorf("%d h1, want 1", n)
	}
	if title := doc.Find("title").Text(); strings.HasPrefix(title, " ") || !strings.HasSuffix(title, " · meetdesk") {
		t.Errorf("title = %q", title)
	}
	if skip, _ := doc.Find("body > a").First().Attr("href"); skip != "#main" {
		t.Errorf("the first link leads to %q, want #main", skip)
	}
	doc.Find("script").Each(func(_ int, script *goquery.Selection) {
		if src, _ := script.Attr("src"); !strings.HasPrefix(src, "/static/") || script.Text() != "" {
			t.Errorf("script src = %q, text %q: only own files", src, script.Text())
		}
	})
	doc.Find("table").Each(func(_ int, table *goquery.Selection) {
		if table.ChildrenFiltered("caption").Text() == "" {
			t.Errorf("a table has no caption: %.80s", table.Text())
		}
	})
	doc.Find("form").Each(func(_ int, form *goquery.Selection) {
		if action, _ := form.Attr("action"); !strings.HasPrefix(action, "/") || strings.HasPrefix(action, "//") {
			t.Errorf("form action = %q, want a path of the desk", action)
		}
	})
}

// checkControls checks that every field has a label and every button and link has text.
func checkControls(t *testing.T, doc *goquery.Document) {
	t.Helper()
	doc.Find("input, select, textarea").Each(func(_ int, field *goquery.Selection) {
		if kind, _ := field.Attr("type"); kind == "hidden" {
			return
		}
		id := field.AttrOr("id", "")
		if field.AttrOr("aria-label", "") == "" && (id == "" || strings.TrimSpace(doc.Find(`label[for="`+id+`"]`).Text()) == "") {
			t.Errorf("field %q has no label", id)
		}
	})
	doc.Find("button, a").Each(func(_ int, one *goquery.Selection) {
		if strings.TrimSpace(one.Text())+one.AttrOr("aria-label", "") == "" {
			t.Errorf("a %s has no word", goquery.NodeName(one))
		}
	})
}

// checkReferences checks that IDs are unique and that references to them resolve.
func checkReferences(t *testing.T, doc *goquery.Document) {
	t.Helper()
	ids := map[string]bool{}
	doc.Find("[id]").Each(func(_ int, one *goquery.Selection) {
		id, _ := one.Attr("id")
		if ids[id] {
			t.Errorf("id %q is there twice", id)
		}
		ids[id] = true
	})
	for _, attribute := range []string{"for", "aria-describedby", "aria-labelledby", "data-copy"} {
		doc.Find("[" + attribute + "]").Each(func(_ int, one *goquery.Selection) {
			value, _ := one.Attr(attribute)
			for _, id := range strings.Fields(value) {
				if !ids[id] {
					t.Errorf("%s refers to %q, which is not there", attribute, id)
				}
			}
		})
	}
	doc.Find(`a[href^="#"]`).Each(func(_ int, link *goquery.Selection) {
		href, _ := link.Attr("href")
		if !ids[href[1:]] {
			t.Errorf("a link leads to %q, which is not there", href)
		}
	})
}

func TestNavigation(t *testing.T) {
	doc := find(t, "history")
	if here := doc.Find(`nav a[aria-current="page"]`).Text(); here != "History" {
		t.Errorf("current page = %q, want History", here)
	}
	if who := doc.Find(".me").Text(); !strings.Contains(who, "Dana Whitfield") || !strings.Contains(who, "Help desk") {
		t.Errorf("person = %q", who)
	}
	if method, _ := doc.Find(`form[action="/auth/logout"]`).Attr("method"); method != "post" {
		t.Errorf("sign-out by %q, want post", method)
	}
	if n := find(t, "signed-out").Find("nav, form").Length(); n != 0 {
		t.Errorf("nobody gets %d navigations and forms", n)
	}
	if n := find(t, "error-access.no_role").Find("nav").Length(); n != 0 {
		t.Error("a person without a role gets the navigation")
	}
	if text := find(t, "home").Find(".band").Text(); !strings.Contains(text, "nothing here reaches Microsoft") {
		t.Errorf("emulator banner = %q", text)
	}
	if n := find(t, "home-empty").Find(".band").Length(); n != 0 {
		t.Error("the emulator's banner is on a real desk")
	}
}

func TestHistory(t *testing.T) {
	doc := find(t, "history")
	first := doc.Find("tbody tr").First()
	if link, _ := first.Find("th a").Attr("href"); link != "/meetings/100" {
		t.Errorf("the row leads to %q", link)
	}
	if text := first.Text(); !strings.Contains(text, "Tue 2 Mar 2027, 15:04–15:34") || !strings.Contains(text, "Priya Nair") || !strings.Contains(text, "Ready") {
		t.Errorf("row = %q", text)
	}
	if link, _ := find(t, "history-query").Find("tbody th a").First().Attr("href"); link != "/meetings/100?q=laptop" {
		t.Errorf("a found row leads to %q", link)
	}
	empty := find(t, "history-no-match")
	if text := empty.Find(".empty").Text(); !strings.Contains(text, `“<script>alert("INC1")</script>”`) {
		t.Errorf("no match says %q", text)
	}
	if link, _ := empty.Find(".empty .buttons a").First().Attr("href"); link != "/meetings/new" { // the query is text, not a ticket number
		t.Errorf("no match offers %q", link)
	}
	if link, _ := find(t, "history-no-match-everyone").Find(".empty .buttons a").First().Attr("href"); link != "/meetings/new?external_id=INC9" {
		t.Errorf("no match for a ticket offers %q", link)
	}
}
