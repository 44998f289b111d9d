package attack_test

import (
	"net/http"
	"net/url"
	"strings"
)

const private = "Private matter"

// asTomas is an attack in which Tomás tries to read or change Priya's meeting, which has
// the ID 1.
func asTomas(name, does string, want outcome, run func(b *browser) *page) attack {
	want.absent, want.sessions, want.meetings, want.sent = private, 2, 1, 1
	return attack{name: "search/" + name, attacker: clerk, does: does, want: want, run: func(s *site) *page {
		s.signIn(priya).post("/meetings", s.form("subject", private, "external_id", "INC-9001"))
		return run(s.signIn(tomas))
	}}
}

func query(name, does string, pairs ...string) attack {
	return asTomas(name, does, outcome{}, func(b *browser) *page {
		values := formOf(pairs...).Encode()
		for _, path := range []string{"/history.csv?", "/history.xlsx?"} {
			if p := b.get(path + values); p.status >= 500 || strings.Contains(p.body, private) {
				b.t.Errorf("%s: status %d:\n%.500s", p.url, p.status, p.body)
			}
		}
		return b.get("/history?" + values)
	})
}

func path(name, does, address string, status int) attack {
	want := outcome{status: status}
	if address == "/meetings/1" || address == "/meetings/1/invitation.ics" || status == http.StatusForbidden {
		want.audit = tomas + " refused "
	}
	return asTomas(name, does, want, func(b *browser) *page { return b.get(address) })
}

func searchAttacks() []attack {
	return append(queryAttacks(), pathAttacks()...)
}

func queryAttacks() []attack {
	return []attack{
		query("sql-quote", "ends a text of SQL in the search", "q", `' OR 1=1 --`),
		query("sql-union", "adds a query of SQL to the search", "q", `x" UNION SELECT tokens FROM grants --`),
		query("sql-in-state", "sends SQL as the state", "state", `live' OR '1'='1`),
		query("sql-in-sort", "sends SQL as the order", "sort", `id; DROP TABLE meetings`),
		query("sql-in-whose", "sends SQL as the person", "whose", `x' OR '1'='1`),
		query("sql-in-dates", "sends SQL as a date", "from", `2026-01-01' OR 1=1 --`, "to", "0"),
		query("sql-in-cursor", "sends SQL as the position in the list", "before", `0 OR 1=1`, "after", "-1"),
		query("cursor-overflow", "sends a position that overflows", "before", "9223372036854775807.9223372036854775807", "after", "99999999999999999999"),
		query("fts-operators", "uses the operators of the full-text index", "q", `subject:* OR NEAR(a b) NOT "x`),
		query("fts-prefix", "searches for every word with a prefix", "q", `*`, "text", "1"),
		query("fts-column", "searches in a column that marks whose a meeting is", "q", `scope:everybody {scope}: x`, "text", "1"),
		query("like-wildcards", "searches with the wildcards of LIKE", "q", `%_%`, "text", "1"),
		query("nul", "searches for a NUL", "q", "INC\x00-9001"),
		query("huge", "searches for a text of 50 KB", "q", strings.Repeat("a b ", 12_500)),
		query("words-many", "searches for thousands of different words", "q", words(3000), "everything", "1"),
		query("html", "searches for a script", "q", `"><script>alert(1)</script><img src=x onerror=alert(1)>`),
		query("bidi", "searches for a text that reads backwards", "q", "INC\u202e1009"),
		query("whose-everybody", "asks for everybody's meetings without being the help desk", "whose", "all", "everything", "1"),
		query("whose-colleague", "asks for a colleague's meetings without being the help desk", "whose", priya, "list", "1"),
		query("whose-twice", "sends two persons, of which one is allowed", "whose", "mine", "whose", "all"),
		query("by-link", "searches for a colleague's meeting by its ticket", "q", "INC-9001", "list", "1"),
		query("by-subject", "searches for a colleague's meeting by its subject", "q", "matter", "text", "1", "everything", "1"),
	}
}

func words(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("w" + strings.Repeat("x", i%9) + string(rune('a'+i%26)) + " ")
	}
	return b.String()
}

func pathAttacks() []attack {
	return []attack{
		path("id-colleague", "opens a colleague's meeting by its number", "/meetings/1", 404),
		path("id-leading-zero", "opens a colleague's meeting by its number with zeros", "/meetings/0001", 404),
		path("id-sign", "opens a colleague's meeting by its number with a sign", "/meetings/+1", 404),
		path("id-overflow", "opens a meeting by a number that overflows to another", "/meetings/18446744073709551617", 404),
		path("id-sql", "opens a meeting by SQL", "/meetings/1%20OR%201=1", 404),
		path("id-fraction", "opens a meeting by a fraction", "/meetings/1.0", 404),
		path("id-fullwidth", "opens a meeting by a digit of another script", "/meetings/%EF%BC%91", 404),
		path("id-dot-segments", "reaches a colleague's meeting through another path", "/history/../meetings/1", 404),
		path("id-double-slash", "reaches a colleague's meeting through a path that is cleaned", "//meetings//1", 404),
		path("id-encoded-slash", "reaches a colleague's meeting with an escaped slash", "/meetings%2f1", 404),
		path("id-case", "reaches a colleague's meeting with another case", "/Meetings/1", 404),
		path("kit-colleague", "downloads a colleague's invitation", "/meetings/1/invitation.ics", 404),
		asTomas("guard-everything", "asks for the meetings of every ticket at once", outcome{status: 204}, func(b *browser) *page {
			return b.ask("/meetings/new/guard?external_id=%25&external_id=INC-9001")
		}),
		path("admin", "opens an administrator's page", "/admin/presets", 403),
		path("admin-encoded", "opens an administrator's page with an escaped letter", "/%61dmin/presets", 403),
		path("admin-double-slash", "opens an administrator's page through a path that is cleaned", "//admin/./presets", 403),
		path("ticket-html", "opens the address of a ticket that is a script", `/t/%3Cscript%3Ealert(1)%3C%2Fscript%3E`, 200),
		path("ticket-nul", "opens the address of a ticket with a NUL", `/t/INC%00%E2%80%AE1`, 200),
		path("prefill-html", "opens a form that a link fills in with scripts", "/meetings/new?"+url.Values{"subject": {`"><script>alert(1)</script>`}, "external_id": {`'"><img src=x onerror=alert(1)>`}, "attendee": {`"<svg onload=alert(1)>"@evil.example`}, "time_zone": {"<script>"}, "start": {"<script>"}}.Encode(), 200),
		path("prefill-huge", "opens a form that a link fills in with 50 KB", "/meetings/new?subject="+strings.Repeat("x", 50_000), 200),
		path("prefill-bidi", "opens a form that a link fills in with text that reads backwards", "/meetings/new?subject="+url.QueryEscape("a\u202eb\x00"), 200),
		asTomas("attempt-colleague", "repeats a colleague's attempt by its number", outcome{status: 404, audit: tomas + " refused 1 "}, func(b *browser) *page { return b.post("/attempts/1/retry", nil) }),
		asTomas("change-colleague", "changes a colleague's meeting by its number", outcome{status: 404, audit: tomas + " refused 1 "}, func(b *browser) *page { return b.post("/meetings/1/update", b.form("subject", "Mine now")) }),
		asTomas("remove-colleague", "removes a colleague's meeting by its number", outcome{status: 404, audit: tomas + " refused 1 "}, func(b *browser) *page { return b.post("/meetings/1/remove", nil) }),
		asTomas("hand-over-guessed", "takes over a colleague's meeting with a ticket that is not its own", outcome{status: 404, audit: tomas + " refused 1 "}, func(b *browser) *page {
			return b.post("/meetings/1/hand-over", formOf("external_id", "INC-9002"))
		}),
		asTomas("hand-over-wildcard", "takes over a colleague's meeting with a wildcard as the ticket", outcome{status: 404, audit: tomas + " refused 1 "}, func(b *browser) *page {
			return b.post("/meetings/1/hand-over", formOf("external_id", "INC-%"))
		}),
		asTomas("tickets-all", "goes through tickets one after the other", outcome{status: 429}, func(b *browser) (p *page) {
			for range 300 {
				if p = b.still().ask("/meetings/new/guard?external_id=INC-9002"); p.status == http.StatusTooManyRequests {
					break
				}
			}
			return p
		}),
	}
}
