package web_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"meetdesk/emulator"
	"meetdesk/testenv"
)

const basicScope = "User.ReadBasic.All"

func TestPeopleLookUp(t *testing.T) {
	t.Parallel()
	s := newSite(t, withScopes(basicScope))
	b := s.signIn(priya)
	p := b.ask("/people?q=tomas").want(200)
	var got struct {
		People []struct{ ID, UPN, Name, Line string }
	}
	if err := json.Unmarshal([]byte(p.body), &got); err != nil || len(got.People) != 1 || got.People[0].UPN != tomas || got.People[0].ID != tomasID || got.People[0].Line != "Tomás Oliveira <tomas@contoso.example>" {
		t.Errorf("%v: got %s, want Tomás", err, p.body)
	}
	for _, q := range []string{"to\u200bmas", "\ufeff tomas@contoso.example\u00a0", "Tomás Oliveira <tomas@contoso.example<mailto:tomas@contoso.example>>", "mailto:tomas@contoso.example", "ｔｏｍａｓ＠contoso.example"} {
		if p := b.ask("/people?" + url.Values{"q": {q}}.Encode()); p.status != 200 || !strings.Contains(p.body, tomasID) {
			t.Errorf("%q: status %d, %s", q, p.status, p.body)
		}
	}
	for _, q := range []string{"", "t", "nobody-of-that-name", `"`, `x" OR "displayName:t`, `\`, strings.Repeat("ä", 500), "%00"} {
		if p := b.ask("/people?" + url.Values{"q": {q}}.Encode()); p.status != 200 || strings.TrimSpace(p.body) != `{"people":[]}` {
			t.Errorf("%q: status %d, %s", q, p.status, p.body)
		}
	}
	s.graph.FailNext("GET /users", emulator.Failure{Status: 403, Code: "Forbidden"})
	b.ask("/people?q=tomas").want(503)
}

func TestPeopleLookUpNeedsScope(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	if p := b.ask("/people?q=tomas").want(200); strings.TrimSpace(p.body) != `{"people":[]}` {
		t.Errorf("got %s, want nobody", p.body)
	}
	b.post("/meetings", s.form("attendees", "tomas@contoso.example\nana@fabrikam.example")).want(200, "Unresolved", "Outside")
	for _, r := range s.graph.Requests() {
		if strings.Contains(r.Path, "/users") {
			t.Errorf("the directory got a request: %s", r.Path)
		}
	}
	if sent := bodies(s, "POST")[0]; strings.Contains(sent, "identity") || !strings.Contains(sent, tomas) {
		t.Errorf("Graph got %s", sent)
	}
}

func TestAttendeesAreLookedUp(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	alias := emulator.Person{ObjectID: "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e77", UPN: "lee@contoso.example", Name: "Lee Long"}
	s := newSite(t, withScopes(basicScope), withPeople(alias))
	b := s.signIn(priya)
	p := b.post("/meetings", s.form("attendees", "TOMAS@contoso.example\nwrong@contoso.example; Somebody <lee@contoso.example>; tomas@contoso.example, ana@fabrikam.example"))
	p.want(200, "Tomás Oliveira", "Lee Long", "wrong@contoso.example", "Unresolved", "Outside")
	m := newest(t, s, "INC0012345")
	if len(m.Attendees) != 4 {
		t.Fatalf("%d people, want 4: %v", len(m.Attendees), m.Attendees)
	}
	for _, a := range m.Attendees {
		want := map[string]string{tomas: tomasID, "lee@contoso.example": alias.ObjectID}[a.UPN]
		if a.ObjectID != want {
			t.Errorf("%s has the object ID %q, want %q", a.UPN, a.ObjectID, want)
		}
	}
	t.Run("failing directory", func(t *testing.T) {
		s.graph.FailNext("GET /users/{user}", emulator.Failure{Status: 500, Times: 10})
		b.post("/meetings", s.form("external_id", "INC2", "attendees", "tomas@contoso.example")).want(200, "Created", "Unresolved")
	})
}

// TestRecentPeopleAreOffered checks that, if the desk may not read the directory, the look-up
// finds only people from the user's own meetings.
func TestRecentPeopleAreOffered(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/meetings", s.form("attendees", "Zoë Quick <zq17@fabrikam.example>\nDana Whitfield <dana@contoso.example> presenter")).want(200, "Created")
	for q, want := range map[string]string{
		"": "zq17@fabrikam.example dana@contoso.example", "zoe": "zq17@fabrikam.example", "WHIT": "dana@contoso.example", "dana@": "dana@contoso.example", "itf": "",
	} {
		if got := foundUPNs(t, b, q); got != want {
			t.Errorf("%q finds %q, want %q", q, got, want)
		}
	}
	o := s.signIn(tomas)
	if got := foundUPNs(t, o, ""); got != "" {
		t.Errorf("another person is offered %q", got)
	}
	o.post("/meetings", s.form("external_id", "INC9", "attendees", manyPeople(12))).want(200, "Created")
	if got := strings.Fields(foundUPNs(t, o, "")); len(got) != 10 {
		t.Errorf("%d people are offered, want the 10 most recent", len(got))
	}
}

// TestDirectoryAndRecentPeople checks that a person who is both in the directory and among
// the recent people is returned once.
func TestDirectoryAndRecentPeople(t *testing.T) {
	t.Parallel()
	s := newSite(t, withScopes(basicScope))
	b := s.signIn(priya)
	b.post("/meetings", s.form("attendees", "TOMAS@contoso.example\nTom Outside <tom@fabrikam.example>")).want(200, "Created")
	if got := foundUPNs(t, b, "tom"); got != "tom@fabrikam.example tomas@contoso.example" {
		t.Errorf("found %q", got)
	}
}

func foundUPNs(t *testing.T, b *browser, q string) string {
	t.Helper()
	var got struct{ People []struct{ UPN string } }
	if err := json.Unmarshal([]byte(b.ask("/people?"+url.Values{"q": {q}}.Encode()).want(200).body), &got); err != nil {
		t.Fatal(err)
	}
	var upns []string
	for _, p := range got.People {
		upns = append(upns, p.UPN)
	}
	return strings.Join(upns, " ")
}

func TestPeopleAreRead(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	p := b.post("/people", url.Values{"attendees": {"To: Nair, Priya <priya@contoso.example>; Dana Whitfield <dana@contoso.example> apresentadora\nnobody\x00"}}).want(200)
	const want = `{"people":[{"line":"Nair, Priya \u003cpriya@contoso.example\u003e","upn":"priya@contoso.example","name":"Nair, Priya"},` +
		`{"line":"Dana Whitfield \u003cdana@contoso.example\u003e","upn":"dana@contoso.example","name":"Dana Whitfield","role":"presenter"},{"line":"nobody`
	if !strings.HasPrefix(p.body, want) || !strings.Contains(p.body, `"error":"“nobody`) {
		t.Errorf("got %s\nwant %s…", p.body, want)
	}
}

func TestLookUpsAreLimited(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withLimit("directory", 50), withScopes(basicScope))
	b := s.signIn(priya)
	refused := 0
	for i := range 80 {
		if b.ask(fmt.Sprint("/people?q=x", i)).status == 429 {
			refused++
		}
	}
	if refused == 0 {
		t.Error("none of 80 look-ups was refused")
	}
}

// TestLineOmitsUnreadableName checks that a person's line in the form omits a name that
// cannot be parsed back.
func TestLineOmitsUnreadableName(t *testing.T) {
	t.Parallel()
	odd := emulator.Person{ObjectID: "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e78", UPN: "odd@contoso.example", Name: "Odd x@y.example, z@y.example"}
	s := newSite(t, withScopes(basicScope), withPeople(odd))
	p := s.signIn(priya).ask("/people?q=odd").want(200)
	if !strings.Contains(p.body, `"line":"odd@contoso.example"`) {
		t.Errorf("got %s, want the address alone", p.body)
	}
}

// TestInvisibleCharactersInAddresses checks that the form ignores invisible characters in
// pasted addresses and normalizes full-width letters. The error for an invalid address
// names the invalid character.
func TestInvisibleCharactersInAddresses(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/meetings", s.form("attendees", "An\u200ba <a\u00adna@fabrikam.ex\u2060ample>; ｂｏｂ＠fabrikam．example\nTo: carl@fabrikam.example.")).want(200, "ana@fabrikam.example", "bob@fabrikam.example", "carl@fabrikam.example")
	if sent := bodies(s, "POST")[0]; !strings.Contains(sent, `"ana@fabrikam.example"`) || !strings.Contains(sent, `"bob@fabrikam.example"`) || !strings.Contains(sent, `"carl@fabrikam.example"`) {
		t.Errorf("Graph got %s", sent)
	}
	before := len(s.graph.Requests())
	for text, want := range map[string]string{
		"priyа@contoso.example":          "contains “а” (U+0430) after “priy”. It looks like “a”",
		"Ana <ana@cоntoso.example>":      "(U+043E) after “ana@c”",
		"josé@contoso.example":           "contains “é” (U+00E9) after “jos”",
		"pri\u202eya@contoso.example":    "contains an invisible character, U+202E, after “pri”",
		"éric@contoso.example presenter": "at the beginning of the address",
	} {
		p := b.post("/meetings", s.form("external_id", "INC0099", "attendees", text)).want(422, want)
		if left := p.doc.Find("textarea[name=attendees]").Text(); strings.TrimSpace(left) != text {
			t.Errorf("the form has %q, want %q as typed", left, text)
		}
	}
	if got := len(s.graph.Requests()); got != before {
		t.Errorf("Graph got %d more requests, want none", got-before)
	}
}

// TestInvisibleCharactersInLoginHint checks that the login hint may be a pasted address,
// for example with invisible characters or as a mailto link.
func TestInvisibleCharactersInLoginHint(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	for _, hint := range []string{"priya\u200b@contoso.example", "\ufeffpriya@contoso.example", "mailto:priya@contoso.example", "priya＠contoso.example", "<priya@contoso.example>"} {
		if p := s.browser().get("/auth/login?login_hint=" + url.QueryEscape(hint)); p.status != 200 || !strings.Contains(p.text(), "Sign out") {
			t.Errorf("%q leads to %s with status %d", hint, p.url, p.status)
		}
	}
}

// TestInvisibleCharactersInFilter checks that the help desk's filter accepts a pasted
// address, for example with a name or with invisible characters.
func TestInvisibleCharactersInFilter(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(priya).post("/meetings", s.form()).want(200)
	d := s.signIn(dana)
	for _, whose := range []string{"priya\u200b@contoso.example", "Priya Nair <priya@contoso.example>", "sip:priya@contoso.example"} {
		d.get("/history?"+url.Values{"whose": {whose}}.Encode()).want(200, "Printer on fire")
	}
}
