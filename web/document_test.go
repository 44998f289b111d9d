package web_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/web"
)

// tableRows returns the rows of the document's table whose first column has the given
// heading. It maps the text of each row's first cell to the texts of the other cells, all
// without backquotes.
func tableRows(t *testing.T, document, heading string) map[string][]string {
	t.Helper()
	content, err := os.ReadFile("../docs/" + document)
	if err != nil {
		t.Fatal(err)
	}
	rows, inTable := make(map[string][]string), false
	for line := range strings.SplitSeq(string(content), "\n") {
		cells := strings.Split(strings.Trim(strings.ReplaceAll(line, "`", ""), "| "), " | ")
		switch {
		case strings.HasPrefix(line, "| "+heading+" |"):
			inTable = true
		case !strings.HasPrefix(line, "|"):
			inTable = false
		case inTable && !strings.HasPrefix(line, "| ---"):
			rows[cells[0]] = cells[1:]
		}
	}
	if len(rows) == 0 {
		t.Fatalf("docs/%s has no table that begins with %q", document, heading)
	}
	return rows
}

// TestDocumentedCookies compares the documented cookies with those set by a sign-in and by
// a form that is sent without a session.
func TestDocumentedCookies(t *testing.T) {
	t.Parallel()
	s := newSite(t, withPublic("https://meet.example.org"))
	b := s.browser()
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	begin := b.get("/auth/login?login_hint=" + priya)
	r, err := http.NewRequest(http.MethodGet, begin.header.Get("Location"), nil)
	if err != nil {
		t.Fatal(err)
	}
	back := mustURL(t, b.do(r).header.Get("Location"))
	if r, err = http.NewRequest(http.MethodGet, s.url+back.RequestURI(), nil); err != nil {
		t.Fatal(err)
	}
	var set []*http.Cookie
	for _, line := range begin.header.Values("Set-Cookie") {
		c, err := http.ParseSetCookie(line)
		if err != nil {
			t.Fatal(err)
		}
		r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
		set = append(set, c)
	}
	for _, line := range b.do(r).want(303).header.Values("Set-Cookie") {
		c, err := http.ParseSetCookie(line)
		if err != nil {
			t.Fatal(err)
		}
		set = append(set, c)
	}
	held, err := http.NewRequest(http.MethodPost, s.url+"/meetings", strings.NewReader("subject=x"))
	if err != nil {
		t.Fatal(err)
	}
	held.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, line := range s.browser().do(held).want(401).header.Values("Set-Cookie") {
		c, err := http.ParseSetCookie(line)
		if err != nil {
			t.Fatal(err)
		}
		set = append(set, c)
	}
	got := make(map[string]string)
	for _, c := range set {
		name := regexp.MustCompile(`\d+$`).ReplaceAllString(c.Name, "N")
		if c.Domain != "" || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
			t.Errorf("the cookie %s is %v", name, c)
		}
		got[name] = fmt.Sprintf("%s; Secure, HttpOnly, SameSite=Lax, Path=%s", spell(time.Duration(c.MaxAge)*time.Second), c.Path)
	}
	rows := tableRows(t, "security.md", "cookie")
	for name, cells := range rows {
		if want := got[name]; want != cells[1]+"; "+cells[2] {
			t.Errorf("the document says of the cookie %s %q, and the site sets %q", name, cells[1]+"; "+cells[2], want)
		}
	}
	if len(rows) != len(got) {
		t.Errorf("the document has %d cookies, and the site sets %v", len(rows), got)
	}
}

func TestDocumentedHeaders(t *testing.T) {
	t.Parallel()
	p := newSite(t, withPublic("https://meet.example.org")).visitor("").get("/auth/signed-out").want(200)
	rows := tableRows(t, "security.md", "header")
	for name, cells := range rows {
		if got := p.header.Get(name); got != cells[0] {
			t.Errorf("the document says of %s %q, and the site sends %q", name, cells[0], got)
		}
	}
	for name := range p.header {
		if _, ok := rows[name]; !ok && !slices.Contains([]string{"Content-Length", "Content-Type", "Content-Encoding", "Date", "Vary", "Set-Cookie", "X-Request-Id"}, name) {
			t.Errorf("the document lacks the header %s", name)
		}
	}
}

// limitLabels maps the name of each documented limit to the label of its row in
// docs/operate.md.
var limitLabels = map[string]string{
	"sign-in": "begin a sign-in", "callback": "return from the provider, front-channel sign-out", "pages": "pages",
	"searches": "history and search", "exports": "exports", "uploads": "upload a table", "streams": "watch an import", "directory": "the directory",
	"tickets": "colleagues' meetings by ticket: /t/, the form's card, hand-over", "creates": "create",
	"changes": "change, remove, retry, dismiss", "refreshes": "refresh", "adoptions": "add a meeting by its link",
}

func TestDocumentedLimits(t *testing.T) {
	t.Parallel()
	rows := tableRows(t, "operate.md", "what")
	for _, l := range web.DefaultLimits() {
		if l.Name == "files" {
			continue
		}
		cells := rows[limitLabels[l.Name]]
		person := []string{spellRate(l.Person)}
		if l.AtOnce > 0 {
			person = append(person, fmt.Sprintf("%d at once", l.AtOnce))
		}
		want := []string{strings.Join(person, "; "), spellRate(l.Address)}
		if len(cells) < 2 || !slices.Equal(cells[:2], want) {
			t.Errorf("docs/operate.md says of %q %q, and the code says %q", limitLabels[l.Name], cells, want)
		}
	}
}

// TestDocumentedTicketsADay compares the documented number of tickets that a person can see
// in a day with the limit in web.DefaultLimits.
func TestDocumentedTicketsADay(t *testing.T) {
	t.Parallel()
	limits := web.DefaultLimits()
	day := limits[slices.IndexFunc(limits, func(l web.Limit) bool { return l.Name == "tickets" })].Person.Day
	files, err := filepath.Glob("../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	claims := 0
	for _, name := range append(files, "../SECURITY.md", "../README.md", "../CHANGELOG.md", "limit_table.go") {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`([\d,]+) tickets(?: of colleagues)? a day`).FindAllStringSubmatch(string(content), -1) {
			claims++
			if want := thousands(2 * day); m[1] != want { // Day at once and Day more as the limit refills over 24 hours
				t.Errorf("%s says %q, and the table says %s", name, m[0], want)
			}
		}
	}
	if claims < 3 {
		t.Errorf("only %d documents say how many tickets a person can see", claims)
	}
}

// spellRate formats a rate as docs/operate.md does: "60, then 1 in 5 seconds; 1,000 a day".
func spellRate(r web.Rate) string {
	if r == (web.Rate{}) {
		return "–"
	}
	text := fmt.Sprintf("%s, then ", thousands(r.Burst))
	switch {
	case r.Every <= time.Second:
		text += fmt.Sprintf("%d a second", time.Second/r.Every)
	case r.Every == time.Minute:
		text += "1 a minute"
	default:
		text += "1 in " + spell(r.Every)
	}
	if r.Day > 0 {
		text += fmt.Sprintf("; %s a day", thousands(r.Day))
	}
	return text
}

func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d,%03d", n/1000, n%1000)
}

// spell formats a duration in the largest unit that divides it, such as "12 hours".
func spell(d time.Duration) string {
	for _, unit := range []struct {
		name string
		d    time.Duration
	}{{"hour", time.Hour}, {"minute", time.Minute}} {
		if d >= unit.d && d%unit.d == 0 {
			return plural(int(d/unit.d), unit.name)
		}
	}
	return plural(int(d/time.Second), "second")
}

func plural(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}
