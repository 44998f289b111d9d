package web_test

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"meetdesk/testenv"
)

func TestBadInput(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	for _, tt := range []struct {
		name   string
		form   url.Values
		status int
		field  string // the field with the error message; "" for an error page
		want   string
	}{
		{"missing external ID", s.form("external_id", ""), 422, "external_id", ""},
		{"external ID of spaces", s.form("external_id", " \u00a0 "), 422, "external_id", ""},
		{"external ID that is too long", s.form("external_id", strings.Repeat("x", 257)), 422, "external_id", "256"},
		{"control character in the external ID", s.form("external_id", "INC\x07001"), 422, "external_id", ""},
		{"line break in the external ID", s.form("external_id", "INC\n001"), 422, "external_id", ""},
		{"NUL in the external ID", s.form("external_id", "INC\x00001"), 422, "external_id", ""},
		{"subject of 10,000 characters", s.form("subject", strings.Repeat("ä", 10_000)), 422, "subject", "255"},
		{"NUL in the subject", s.form("subject", "a\x00b"), 422, "subject", ""},
		{"end before the start", s.form("start", "11:00", "end", "10:30"), 422, "end", ""},
		{"end without a start", s.form("start", ""), 422, "end", ""},
		{"end on an earlier day", s.form("date", "2027-03-03", "end_date", "2027-03-02"), 422, "end", ""},
		{"end date without an end time", s.form("end", "", "end_date", "2027-03-04"), 422, "end", ""},
		{"duration of zero", s.form("end", "", "duration", "0"), 422, "duration", "0"},
		{"meeting longer than a day", s.form("date", "2027-03-03", "end_date", "2027-03-05"), 422, "end", ""},
		{"start without a date", s.form("date", ""), 422, "date", ""},
		{"date without times", s.form("date", "2027-03-03", "start", "", "end", ""), 422, "start", ""},
		{"date in another format", s.form("date", "31.02.2027"), 422, "date", "31.02.2027"},
		{"date that does not exist", s.form("date", "2027-02-30"), 422, "date", "2027-02-30"},
		{"time that does not exist", s.form("start", "25:99"), 422, "start", "25:99"},
		{"unknown time zone", s.form("time_zone", "Europe/Atlantis"), 422, "time_zone", "Europe/Atlantis"},
		{"time zone Local", s.form("time_zone", "Local"), 422, "time_zone", ""},
		{"time zone that is a path", s.form("time_zone", "../../etc/passwd"), 422, "time_zone", ""},
		{"missing time zone", s.form("time_zone", ""), 422, "time_zone", "Choose a time zone"},
		{"time zone of spaces", s.form("time_zone", " \t"), 422, "time_zone", "Choose a time zone"},
		{"start skipped by daylight saving time", s.form("date", "2027-03-28", "start", "01:30", "end", "02:30"), 422, "start", "01:30"},
		{"end skipped by daylight saving time", s.form("date", "2027-03-28", "start", "00:30", "end", "01:30"), 422, "end", "01:30"},
		{"start that occurs twice", s.form("date", "2027-10-31", "start", "01:15", "end", "02:15"), 422, "start", "01:15"},
		{"attendee line without an address", s.form("attendees", "dana@contoso.example\nnobody at all\n"), 422, "attendees", "nobody at all"},
		{"address without a domain", s.form("attendees", "dana@"), 422, "attendees", "dana@"},
		{"too many attendees", s.form("attendees", strings.Repeat("a@b.example\n", 1)+manyPeople(501)), 422, "attendees", "500"},
		{"invalid UTF-8", s.form("subject", "caf\xe9"), 400, "", ""},
		{"body over 1 MB", s.form("attendees", strings.Repeat("x", 1<<20)), 413, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := b.post("/meetings", tt.form).want(tt.status)
			for _, leak := range []string{"goroutine", ".go:", "sql:", "SQLITE_", "SQLSTATE"} {
				if strings.Contains(p.body, leak) {
					t.Errorf("the page leaks %q", leak)
				}
			}
			if strings.Contains(p.body, "\x00") {
				t.Error("the page contains a NUL byte")
			}
			if tt.field != "" {
				wantProblem(t, p, tt.field, tt.want)
				wantFormKept(t, p, tt.form)
			}
		})
	}
	if got := record(t, s); len(got) != 0 {
		t.Errorf("%d meetings are recorded, want 0", len(got))
	}
	if got := s.graph.Requests(); len(got) != 0 {
		t.Errorf("Graph got %d requests, want 0", len(got))
	}
}

func manyPeople(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%x@contoso.example\n", sha256.Sum256([]byte{byte(i), byte(i >> 8)})) // does not compress well
	}
	return b.String()
}

// wantProblem fails the test unless the error summary links to the field and the field's
// error message contains text.
func wantProblem(t *testing.T, p *page, field, text string) {
	t.Helper()
	input := p.doc.Find(`[name="` + field + `"]`).First()
	if input.AttrOr("aria-invalid", "") != "true" {
		t.Errorf("the field %s is not marked invalid:\n%s", field, p.text())
	}
	target := input.AttrOr("id", "")
	if strings.Contains(p.text(), "Which of the two times") {
		target = "fold"
	}
	if p.doc.Find(`[role="alert"] a[href="#`+target+`"]`).Length() == 0 || p.doc.Find("#"+target).Length() == 0 {
		t.Errorf("the error summary has no link to the field %s:\n%s", field, p.text())
	}
	message := ""
	for _, id := range strings.Fields(input.AttrOr("aria-describedby", "")) {
		message += p.doc.Find("#" + id).Text()
	}
	if !strings.Contains(message, text) {
		t.Errorf("the message of the field %s is %q, want %q in it", field, message, text)
	}
}

// wantFormKept fails the test unless the page's form contains the submitted values. It
// does not check the fold and duration fields, and ignores line breaks, surrounding space
// and invalid characters in the others.
func wantFormKept(t *testing.T, p *page, sent url.Values) {
	t.Helper()
	got := fields(p)
	for name := range sent {
		clean := func(text string) string {
			text = strings.NewReplacer("\x00", "", "\x07", "", "\n", "", "\r", "", "\ufffd", "").Replace(text)
			return strings.TrimSpace(text)
		}
		if clean(got.Get(name)) != clean(sent.Get(name)) && !(name == "fold" || name == "duration") {
			t.Errorf("the field %s was sent with %.80q and now has %.80q", name, sent.Get(name), got.Get(name))
		}
	}
}

func TestErrorPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	for _, tt := range []struct {
		name, method, path string
		status             int
	}{
		{"unknown path", "GET", "/nowhere", 404},
		{"unknown meeting", "GET", "/meetings/4711", 404},
		{"meeting ID that is not a number", "GET", "/meetings/x", 404},
		{"unknown attempt", "POST", "/attempts/4711/retry", 404},
		{"unknown static file", "GET", "/static/nothing.css", 404},
		{"wrong method", "DELETE", "/meetings", 405},
		{"GET on a POST route", "GET", "/auth/logout", 405},
		{"callback without a started sign-in", "GET", "/auth/callback?code=x&state=y", 401},
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
				t.Errorf("the log has no error with the request ID %q", id)
			}
			if tt.status == 405 && p.header.Get("Allow") == "" {
				t.Error("the Allow header is missing")
			}
		})
	}
}

// wantErrorPage fails the test unless the page has a heading, an explanation and a request ID.
func wantErrorPage(t *testing.T, p *page) {
	t.Helper()
	if !strings.HasPrefix(p.header.Get("Content-Type"), "text/html") {
		t.Fatalf("Content-Type is %q:\n%s", p.header.Get("Content-Type"), p.body)
	}
	if p.doc.Find("h1").Length() != 1 || p.doc.Find("main p").Length() < 2 {
		t.Errorf("the heading or the explanation is missing:\n%s", p.text())
	}
	codes := p.doc.Find("code").FilterFunction(func(_ int, c *goquery.Selection) bool { return len(c.Text()) == 16 })
	if codes.Length() == 0 {
		t.Errorf("the request ID is missing:\n%s", p.text())
	}
	if strings.Contains(p.text(), "⟦") {
		t.Errorf("a translation is missing:\n%s", p.text())
	}
}
