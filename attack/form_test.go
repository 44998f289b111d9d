package attack_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
)

func nothingDone(status int, shown string) outcome {
	return outcome{status: status, page: shown, sessions: 1}
}

var crossSite = outcome{status: 403, page: "another site", audit: "refused 0 crosssite.refused POST /meetings", sessions: 1}

// forgedForm is an attack in which Priya's browser sends a manipulated request to create a
// meeting. The request carries her session cookie.
func forgedForm(name, attacker, does string, want outcome, change func(r *http.Request)) attack {
	return attack{name: "form/" + name, attacker: attacker, does: does, want: want, run: func(s *site) *page {
		b := s.signIn(priya)
		r := b.request(http.MethodPost, "/meetings", strings.NewReader(s.form("subject", "Forged", "anyway", "1").Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		change(r)
		return b.do(r)
	}}
}

func header(pairs ...string) func(*http.Request) {
	return func(r *http.Request) {
		for i := 0; i+1 < len(pairs); i += 2 {
			r.Header.Set(pairs[i], pairs[i+1])
		}
	}
}

func body(kind string, content []byte) func(*http.Request) {
	return func(r *http.Request) {
		r.Header.Set("Content-Type", kind)
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(content)), int64(len(content))
	}
}

func formAttacks() []attack {
	return append(crossSiteForms(), append(formBodies(), formFields()...)...)
}

func crossSiteForms() []attack {
	return []attack{
		forgedForm("cross-site", otherSite, "sends a form from another site", crossSite, header("Sec-Fetch-Site", "cross-site")),
		forgedForm("same-site", sibling, "sends a form from another host of the domain", crossSite, header("Sec-Fetch-Site", "same-site")),
		forgedForm("origin-other", otherSite, "sends a form in a browser that tells only its origin", crossSite, header("Origin", "https://evil.example")),
		forgedForm("origin-null", otherSite, "sends a form from a sandboxed frame", crossSite, header("Origin", "null")),
		forgedForm("origin-sibling", sibling, "sends a form from an origin that ends like the desk's", crossSite, header("Origin", "http://evil.localhost")),
		forgedForm("origin-port", sibling, "sends a form from another port of the desk's host", crossSite, header("Origin", "http://localhost:1")),
		forgedForm("origin-scheme", network, "sends a form from the desk's host with another scheme", crossSite, func(r *http.Request) { r.Header.Set("Origin", "https://"+r.URL.Host) }),
		forgedForm("origin-with-host", otherSite, "sends its own origin, and a Host header that matches it", crossSite, func(r *http.Request) {
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			r.Header.Set("Origin", "http://evil.example")
			r.Host = "evil.example"
		}),
		forgedForm("fetch-site-unknown", otherSite, "sends a value that Sec-Fetch-Site does not have", crossSite, header("Sec-Fetch-Site", "Same-Origin")),
		forgedForm("method-override", otherSite, "sends a GET that claims to be a POST", outcome{status: 405, sessions: 1}, func(r *http.Request) {
			r.Method = http.MethodGet
			r.URL.RawQuery = "_method=POST&subject=Forged&external_id=X"
			r.Header.Set("X-HTTP-Method-Override", "POST")
			r.Header.Set("Sec-Fetch-Site", "cross-site")
		}),
		{name: "form/sign-out", attacker: otherSite, does: "signs the victim out with a form", want: outcome{status: 200, page: "Priya Nair", sessions: 1}, run: func(s *site) *page {
			b := s.signIn(priya)
			r := b.request(http.MethodPost, "/auth/logout", nil)
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			b.do(r)
			b.get("/auth/logout")
			return b.get("/")
		}},
	}
}

func formBodies() []attack {
	var mixed bytes.Buffer
	parts := multipart.NewWriter(&mixed)
	_ = parts.WriteField("external_id", "INC0012345")
	file, _ := parts.CreateFormFile("attendees", "../../people.txt")
	_, _ = io.WriteString(file, "evil@evil.example")
	_ = parts.Close()
	const urlencoded = "application/x-www-form-urlencoded"
	return []attack{
		forgedForm("text-plain", otherSite, "sends a form as text, as a page elsewhere can", nothingDone(415, ""), body("text/plain", []byte("external_id=INC0012345"))),
		forgedForm("multipart", clerk, "uploads a file with a form", nothingDone(415, ""), body(parts.FormDataContentType(), mixed.Bytes())),
		forgedForm("json", clerk, "sends JSON instead of a form", nothingDone(415, ""), body("application/json", []byte(`{"external_id":"INC0012345"}`))),
		forgedForm("no-type", clerk, "sends a form without a type", nothingDone(415, ""), body("", []byte("external_id=INC0012345"))),
		forgedForm("huge", clerk, "sends a form of 2 MB", nothingDone(413, ""), body(urlencoded, []byte("external_id=INC1&subject="+strings.Repeat("x", 2<<20)))),
		forgedForm("fields-many", clerk, "sends a form with 100,000 fields", nothingDone(400, ""), body(urlencoded, []byte(strings.Repeat("a=1&", 100_000)))),
		forgedForm("invalid-utf8", clerk, "sends text that is not UTF-8", nothingDone(400, ""), body(urlencoded, []byte("external_id=INC1&subject=%ff%fe"))),
		forgedForm("escape-broken", clerk, "sends a broken escape", nothingDone(400, ""), body(urlencoded, []byte("external_id=%zz"))),
		{name: "form/held-fields-many", attacker: stranger, does: "sends a form with 5,000 fields without a session, for the page to keep", want: outcome{status: 400}, run: func(s *site) *page {
			form := url.Values{}
			for i := range 5000 {
				form.Add("f"+strings.Repeat("x", i%50), "1")
			}
			return s.browser().post("/meetings", form)
		}},
		{name: "form/held-html", attacker: otherSite, does: "sends a form without a session whose fields are scripts", want: outcome{status: 401, page: "nothing was done"}, run: func(s *site) *page {
			return s.browser().post("/meetings", formOf("external_id", `"><script>alert(1)</script>`, `"><script>alert(2)</script>`, "x", "subject", "\u202e", "signed_in_as", `"><script>`, "return_to", "//evil.example/"))
		}},
		{name: "form/held-huge", attacker: stranger, does: "sends a form of 300 KB without a session", want: outcome{status: 413}, run: func(s *site) *page {
			return s.browser().post("/meetings", formOf("subject", strings.Repeat("x", 300<<10)))
		}},
	}
}

// typed is an attack in which Priya submits a form with hostile text in one field.
func typed(name, attacker, does, shown string, changes ...string) attack {
	return attack{name: "form/" + name, attacker: attacker, does: does, want: nothingDone(422, shown), run: func(s *site) *page {
		return s.signIn(priya).post("/meetings", s.form(changes...))
	}}
}

func formFields() []attack {
	return []attack{
		typed("external-id-nul", clerk, "types a NUL into the ticket number", "", "external_id", "INC\x00001"),
		typed("external-id-bidi", clerk, "types a ticket number that reads backwards", "", "external_id", "INC\u202e001"),
		typed("external-id-invisible", clerk, "types a ticket number that only looks like another", "", "external_id", "INC\u200b0012345"),
		typed("external-id-huge", clerk, "types a ticket number of 10 KB", "256", "external_id", strings.Repeat("x", 10_000)),
		typed("subject-bidi", clerk, "types a subject that reads backwards", "", "subject", "Printer \u202egpj.exe"),
		typed("time-zone-path", clerk, "sends a path as the time zone", "", "time_zone", "../../../etc/passwd"),
		typed("attendee-header", clerk, "types an attendee whose address adds a header to a mail", "", "attendees", "dana@contoso.example%0d%0abcc:evil@evil.example\nx"),
		typed("attendees-many", clerk, "types a list of 20,000 attendees", "500", "attendees", strings.Repeat("a@b.example,\n", 1)+addresses(20_000)),
		{name: "form/mass-assignment", attacker: clerk, does: "adds fields that no form has, such as an organizer, a state and an ID", want: created("Priya Nair"), run: func(s *site) *page {
			return s.signIn(priya).post("/meetings", s.form("id", "99", "state", "removed", "graph_id", "x", "organizer_id", "2", "user_id", "2", "role", "3", "created_at", "0", "origin", "adopted"))
		}},
		{name: "form/organizer-other", attacker: clerk, does: "names a colleague as the organizer, which only the help desk may do", want: nothingDone(403, "Only the help desk"), run: func(s *site) *page {
			return s.signIn(priya).post("/meetings", s.form("organizer", tomasID))
		}},
		{name: "form/identity-other", attacker: clerk, does: "sends a form that was made for a colleague", want: outcome{status: 409, page: "Tomás", sessions: 2}, run: func(s *site) *page {
			theirs := s.signIn(tomas).get("/meetings/new").doc.Find(`[name="signed_in_as"]`).First().AttrOr("value", "")
			return s.signIn(priya).post("/meetings", s.form("signed_in_as", theirs))
		}},
		{name: "form/identity-forged", attacker: clerk, does: "changes the ID in the field that says for whom a form was made", want: nothingDone(409, ""), run: func(s *site) *page {
			b := s.signIn(priya)
			own := b.get("/meetings/new").doc.Find(`[name="signed_in_as"]`).First().AttrOr("value", "")
			return b.post("/meetings", s.form("signed_in_as", "2"+own[1:]))
		}},
		{name: "form/form-id-of-a-colleague", attacker: clerk, does: "sends a form with the ID of a colleague's form, to get at its outcome", want: outcome{status: 200, absent: "Private", sessions: 2, meetings: 2, sent: 2}, run: func(s *site) *page {
			s.signIn(tomas).post("/meetings", s.form("form_id", "THEFORM", "subject", "Private", "external_id", "INC-tomas"))
			return s.signIn(priya).post("/meetings", s.form("form_id", "THEFORM"))
		}},
		{name: "form/waiting-key-guessed", attacker: clerk, does: "guesses the key of a page that waits for a colleague's form", want: nothingDone(200, "Find a meeting"), run: func(s *site) *page {
			return s.signIn(priya).get("/waiting/" + strings.Repeat("A", 26))
		}},
		{name: "form/preference-hostile", attacker: clerk, does: "stores a script as the theme and the language", want: nothingDone(400, ""), run: func(s *site) *page {
			return s.signIn(priya).post("/preferences", formOf("theme", `"><script>alert(1)</script>`, "language", "../../en"))
		}},
		{name: "form/return-to-other-host", attacker: clerk, does: "sends another host as the page to return to", want: nothingDone(200, "Find a meeting"), run: func(s *site) *page {
			return s.signIn(priya).post("/preferences", formOf("theme", "dark", "return_to", "//evil.example/"))
		}},
	}
}

func addresses(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("a" + strings.Repeat("b", i%40) + string(rune('a'+i%26)) + "@contoso.example\n")
	}
	return b.String()
}
