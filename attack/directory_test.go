package attack_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"meetdesk/people"
)

func hrefIs(address string) func(int, *goquery.Selection) bool {
	return func(_ int, a *goquery.Selection) bool { return a.AttrOr("href", "") == address }
}

func formOf(pairs ...string) url.Values {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return form
}

// found is an attack in which the directory returns hostile search results. Priya
// searches for "dana".
func found(name, does string, want outcome, users any) attack {
	want.sessions = 1
	return attack{name: "directory/" + name, attacker: directory, does: does, want: want, run: func(s *site) *page {
		b := s.signIn(priya)
		s.tamper(func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
			if !isGraph(r) || !strings.Contains(r.URL.Path, "/users") {
				return false
			}
			w.Header().Set("request-id", "r")
			if text, ok := users.(string); ok {
				io.WriteString(w, text)
			} else {
				writeJSON(w, object{"value": users})
			}
			return true
		})
		return b.ask("/people?q=dana")
	}}
}

func user(id, upn, name any) object {
	return object{"id": id, "userPrincipalName": upn, "mail": upn, "displayName": name}
}

func directoryAttacks() []attack {
	many := make([]any, 20_000)
	for i := range many {
		many[i] = user(fmt.Sprint(i), fmt.Sprintf("dana%d@contoso.example", i), "Dana")
	}
	fails := outcome{status: 503, page: "The directory did not reply"}
	without := func(text string) outcome { return outcome{status: 200, absent: text} }
	return []attack{
		found("name-html", "returns a name with a script", without("<script>"), []any{user("1", "dana@contoso.example", "<script>alert(1)</script>")}),
		found("name-bidi", "returns a name that reverses the text around it", without(`202e`), []any{user("1", "dana@contoso.example", "Dana \u202etxt\x00")}),
		found("name-address", "returns a name with another address, which the form would invite", without("<evil@evil.example>, "), []any{user("1", "dana@contoso.example", "Dana <evil@evil.example>, Dana")}),
		found("name-newline", "returns a name that adds a line to the form", without(`\nevil`), []any{user("1", "dana@contoso.example", "Dana\nevil@evil.example presenter")}),
		found("name-huge", "returns a name of 1 MB", without(strings.Repeat("x", 2000)), []any{user("1", "dana@contoso.example", strings.Repeat("x", 1<<20))}),
		found("people-many", "returns 20,000 people for one search", without("dana11@"), many),
		found("types-wrong", "returns people with wrong types", fails, []any{user(7, []any{"x"}, object{}), "x", nil}),
		found("json-deep", "returns JSON that is a hundred thousand levels deep", fails, strings.Repeat(`{"value":[`, 50_000)),
		found("html", "returns a page instead of people", fails, "<html><script>alert(1)</script>"),
		directoryQuery("query-quotes", "ends the quotes of the search in order to add conditions", `dana" OR "displayName:`),
		directoryQuery("query-parameters", "adds parameters to the search", `dana&$top=999&$filter=x`),
		directoryQuery("query-path", "searches for a path in order to call another part of Graph", `../../me/messages?x`),
		chosenAddress(),
	}
}

// directoryQuery is an attack in which Priya's search text tries to change the request
// to the directory.
func directoryQuery(name, does, q string) attack {
	return attack{name: "directory/" + name, attacker: clerk, does: does, want: outcome{status: 200, sessions: 1}, run: func(s *site) *page {
		p := s.signIn(priya).ask("/people?" + url.Values{"q": {q}}.Encode())
		for _, r := range s.Emulator.Requests() {
			query, err := url.ParseQuery(r.Query)
			if err != nil || r.Path != "/v1.0/users" && r.Path != "/v1.0/me" || len(query) > 3 || strings.Count(query.Get("$search"), `"`) > 4 || query.Has("$filter") {
				s.t.Errorf("Graph got %s?%s: %v", r.Path, r.Query, err)
			}
		}
		return p
	}}
}

// chosenAddress is an attack in which a name in the directory contains another person's
// address. Choosing that name must not invite the other person.
func chosenAddress() attack {
	return attack{name: "directory/chosen-name-with-address", attacker: directory, does: "returns a name with another address, and Priya invites that person", run: func(s *site) *page {
		b := s.signIn(priya)
		s.tamper(func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
			if !isGraph(r) || !strings.Contains(r.URL.Path, "/users") {
				return false
			}
			w.Header().Set("request-id", "r")
			writeJSON(w, object{"value": []any{user("1", "dana@contoso.example", `Dana" <evil@evil.example>, x`)}})
			return true
		})
		line := lineOf(s, b.ask("/people?q=dana"))
		return b.post("/meetings", s.form("attendees", line))
	}, want: outcome{status: 200, page: "Created", sessions: 1, meetings: 1, sent: 1}}
}

// lineOf returns the attendee line for the only search result. It checks that this line
// invites only Dana.
func lineOf(s *site, p *page) string {
	s.t.Helper()
	var answer struct{ People []struct{ Line string } }
	if err := json.Unmarshal([]byte(p.body), &answer); err != nil || len(answer.People) != 1 {
		s.t.Fatalf("the search returned %s: %v", p.body, err)
	}
	line := answer.People[0].Line
	read, problems := people.Parse(line)
	if len(read) != 1 || len(problems) != 0 || read[0].UPN != "dana@contoso.example" {
		s.t.Errorf("the line %q invites %v (%v)", line, read, problems)
	}
	return line
}
