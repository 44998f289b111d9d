package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

func TestBadInput(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	for _, tt := range []struct {
		name   string
		form   url.Values
		status int
		field  string // at which the problem stands; "" for a page of its own
		want   string
	}{
		{"no external ID", s.form("external_id", ""), 422, "external_id", ""},
		{"a blank external ID", s.form("external_id", " \u00a0 "), 422, "external_id", ""},
		{"a long external ID", s.form("external_id", strings.Repeat("x", 257)), 422, "external_id", "256"},
		{"control characters in the external ID", s.form("external_id", "INC\x07001"), 422, "external_id", ""},
		{"a line break in the external ID", s.form("external_id", "INC\n001"), 422, "external_id", ""},
		{"NUL in the external ID", s.form("external_id", "INC\x00001"), 422, "external_id", ""},
		{"a subject of 10,000 characters", s.form("subject", strings.Repeat("ä", 10_000)), 422, "subject", "255"},
		{"NUL in the subject", s.form("subject", "a\x00b"), 422, "subject", ""},
		{"an end before the start", s.form("start", "11:00", "end", "10:30"), 422, "end", ""},
		{"an end without a start", s.form("start", ""), 422, "end", ""},
		{"an end on an earlier day", s.form("date", "2027-03-03", "end_date", "2027-03-02"), 422, "end", ""},
		{"an end date without an end", s.form("end", "", "end_date", "2027-03-04"), 422, "end", ""},
		{"a length of nothing", s.form("end", "", "duration", "0"), 422, "duration", "0"},
		{"longer than a day", s.form("date", "2027-03-03", "end_date", "2027-03-05"), 422, "end", ""},
		{"a start without a date", s.form("date", ""), 422, "date", ""},
		{"a day without times", s.form("date", "2027-03-03", "start", "", "end", ""), 422, "start", ""},
		{"an unreadable date", s.form("date", "31.02.2027"), 422, "date", "31.02.2027"},
		{"an impossible date", s.form("date", "2027-02-30"), 422, "date", "2027-02-30"},
		{"an unreadable time", s.form("start", "25:99"), 422, "start", "25:99"},
		{"an unknown zone", s.form("time_zone", "Europe/Atlantis"), 422, "time_zone", "Europe/Atlantis"},
		{"the machine's own zone", s.form("time_zone", "Local"), 422, "time_zone", ""},
		{"a zone that is a path", s.form("time_zone", "../../etc/passwd"), 422, "time_zone", ""},
		{"no zone", s.form("time_zone", ""), 422, "time_zone", "Choose a time zone"},
		{"a blank zone", s.form("time_zone", " \t"), 422, "time_zone", "Choose a time zone"},
		{"a time that the clocks jump over", s.form("date", "2027-03-28", "start", "01:30", "end", "02:30"), 422, "start", "01:30"},
		{"an end that the clocks jump over", s.form("date", "2027-03-28", "start", "00:30", "end", "01:30"), 422, "end", "01:30"},
		{"a time that exists twice", s.form("date", "2027-10-31", "start", "01:15", "end", "02:15"), 422, "start", "01:15"},
		{"a line that is no address", s.form("attendees", "dana@contoso.example\nnobody at all\n"), 422, "attendees", "nobody at all"},
		{"an address without a domain", s.form("attendees", "dana@"), 422, "attendees", "dana@"},
		{"too many people", s.form("attendees", strings.Repeat("a@b.example\n", 1)+manyPeople(501)), 422, "attendees", "500"},
		{"invalid UTF-8", s.form("subject", "caf\xe9"), 400, "", ""},
		{"a body over 1 MB", s.form("attendees", strings.Repeat("x", 1<<20)), 413, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := b.post("/meetings", tt.form).want(tt.status)
			for _, leak := range []string{"goroutine", ".go:", "sql:", "SQL"} {
				if strings.Contains(p.body, leak) {
					t.Errorf("the page shows %q", leak)
				}
			}
			if strings.Contains(p.body, "\x00") {
				t.Error("the page holds a NUL")
			}
			if tt.field != "" {
				wantProblem(t, p, tt.field, tt.want)
				wantKept(t, p, tt.form)
			}
		})
	}
	if got := record(t, s); len(got) != 0 {
		t.Errorf("%d meetings are recorded, want none", len(got))
	}
	if got := s.graph.Requests(); len(got) != 0 {
		t.Errorf("Graph was asked %d times, want never", len(got))
	}
}

func manyPeople(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("person" + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + strings.Repeat("y", i/26) + "@contoso.example\n")
	}
	return b.String()
}

// wantProblem checks that the summary leads to the field and that the field
// says what is wrong.
func wantProblem(t *testing.T, p *page, field, text string) {
	t.Helper()
	input := p.doc.Find(`[name="` + field + `"]`).First()
	if input.AttrOr("aria-invalid", "") != "true" {
		t.Errorf("the field %s is not marked invalid:\n%s", field, p.text())
	}
	answer := input.AttrOr("id", "")
	if strings.Contains(p.text(), "Which of the two times") {
		answer = "fold" // the time is right; what it means is the question
	}
	if p.doc.Find(`[role="alert"] a[href="#`+answer+`"]`).Length() == 0 || p.doc.Find("#"+answer).Length() == 0 {
		t.Errorf("no summary leads to the field %s:\n%s", field, p.text())
	}
	said := ""
	for _, id := range strings.Fields(input.AttrOr("aria-describedby", "")) {
		said += p.doc.Find("#" + id).Text()
	}
	if !strings.Contains(said, text) {
		t.Errorf("the field %s says %q, want %q", field, said, text)
	}
}

// wantKept checks that what was typed is in the form again.
func wantKept(t *testing.T, p *page, sent url.Values) {
	t.Helper()
	kept := fields(p)
	for name := range sent {
		clean := func(text string) string {
			text = strings.NewReplacer("\x00", "", "\x07", "", "\n", "", "\r", "", "\ufffd", "").Replace(text)
			return strings.TrimSpace(text)
		}
		if clean(kept.Get(name)) != clean(sent.Get(name)) && !(name == "fold" || name == "duration") {
			t.Errorf("the field %s lost %.80q, and has %.80q", name, sent.Get(name), kept.Get(name))
		}
	}
}

func TestEveryFailureIsAPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	for _, tt := range []struct {
		name, method, path string
		status             int
	}{
		{"an unknown address", "GET", "/nowhere", 404},
		{"an unknown meeting", "GET", "/meetings/4711", 404},
		{"a meeting that is no number", "GET", "/meetings/x", 404},
		{"an unknown attempt", "POST", "/attempts/4711/retry", 404},
		{"an unknown static file", "GET", "/static/nothing.css", 404},
		{"a wrong method", "DELETE", "/meetings", 405},
		{"a GET of what only takes POST", "GET", "/auth/logout", 405},
		{"a sign-in that nobody started", "GET", "/auth/callback?code=x&state=y", 401},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := http.NewRequest(tt.method, s.url+tt.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			p := b.do(r)
			p.want(tt.status)
			wantErrorPage(t, p)
			id := p.doc.Find("main code").Last().Text()
			if _, line, ok := strings.Cut(s.Log.String(), "id="+id); !ok || !strings.Contains(strings.Split(line, "\n")[0], "error=") {
				t.Errorf("the log has no error under the ID %q", id)
			}
			if tt.status == 405 && p.header.Get("Allow") == "" {
				t.Error("no Allow header")
			}
		})
	}
}

// wantErrorPage checks for a heading, what to do, and an ID that is in the log.
func wantErrorPage(t *testing.T, p *page) {
	t.Helper()
	if !strings.HasPrefix(p.header.Get("Content-Type"), "text/html") {
		t.Fatalf("Content-Type %q:\n%s", p.header.Get("Content-Type"), p.body)
	}
	if p.doc.Find("h1").Length() != 1 || p.doc.Find("main p").Length() < 2 {
		t.Errorf("no heading with sentences:\n%s", p.text())
	}
	codes := p.doc.Find("code").FilterFunction(func(_ int, c *goquery.Selection) bool { return len(c.Text()) == 16 })
	if codes.Length() == 0 {
		t.Errorf("no request ID:\n%s", p.text())
	}
	if strings.Contains(p.text(), "⟦") {
		t.Errorf("a sentence is missing:\n%s", p.text())
	}
}
