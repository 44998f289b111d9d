package attack_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
)

func isGraph(r *http.Request) bool  { return strings.HasPrefix(r.URL.Path, "/v1.0/") }
func isCreate(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/createOrGet") }

// created is the outcome of a create that works in spite of the attack.
func created(page string) outcome {
	return outcome{status: 200, page: page, sessions: 1, meetings: 1, sent: 1}
}

// unfinished is the outcome of a create whose response does not count.
func unfinished(page string) outcome {
	return outcome{status: 200, page: page, sessions: 1, meetings: 1}
}

// onCreate is a row in which Graph answers Priya's create in its own way.
func onCreate(name, does string, want outcome, answer func(s *site, w http.ResponseWriter, r *http.Request)) attack {
	return attack{name: "graph/" + name, attacker: graph, does: does, want: want, run: func(s *site) *page {
		b := s.signIn(priya)
		s.tamper(func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
			if isGraph(r) {
				io.Copy(io.Discard, r.Body)
				answer(s, w, r)
			}
			return isGraph(r)
		})
		return b.post("/meetings", s.form())
	}}
}

// answers returns an answer with the given status and body. headers lists names and
// values in turn.
func answers(status int, body string, headers ...string) func(*site, http.ResponseWriter, *http.Request) {
	return func(_ *site, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// inMeeting is a row in which Graph changes one property of every meeting that it
// returns. The meeting's page, its calendar file, the lists and the exports are opened
// afterwards, so that the runner checks them too.
func inMeeting(name, does, shown, absent string, change func(m object)) attack {
	want := created(shown)
	want.absent = absent
	return attack{name: "graph/" + name, attacker: graph, does: does, want: want, run: func(s *site) *page {
		b := s.signIn(priya)
		s.changeMeetings(change)
		p := b.post("/meetings", s.form())
		for _, path := range []string{"/meetings/1/invitation.ics", "/meetings/1/qr.svg", "/meetings/1/edit", "/history?q=INC0012345&list=1", "/history.csv", "/meetings/guard?external_id=INC0012345", "/people"} {
			if other := b.get(path); other.status >= 500 {
				s.t.Errorf("%s has status %d", path, other.status)
			}
		}
		return p
	}}
}

// changeMeetings changes every meeting that Graph returns.
func (s *site) changeMeetings(change func(m object)) {
	s.tamper(func(w http.ResponseWriter, r *http.Request, emulator http.Handler) bool {
		if !isGraph(r) || !strings.Contains(r.URL.Path, "/onlineMeetings") {
			return false
		}
		answer := httptest.NewRecorder()
		emulator.ServeHTTP(answer, r)
		var m object
		if json.Unmarshal(answer.Body.Bytes(), &m) != nil || m["id"] == nil {
			copyResponse(w, answer)
			return true
		}
		change(m)
		for name, values := range answer.Header() {
			if name != "Content-Length" {
				w.Header()[name] = values
			}
		}
		w.WriteHeader(answer.Code)
		_ = json.NewEncoder(w).Encode(m)
		return true
	})
}

func setTo(property string, value any) func(object) { return func(m object) { m[property] = value } }

func within(property, name string, value any) func(object) {
	return func(m object) {
		inner, _ := m[property].(map[string]any)
		if inner == nil {
			inner = object{}
		}
		inner[name] = value
		m[property] = inner
	}
}

func attendees(list any) func(object) { return within("participants", "attendees", list) }

func attendee(upn, name any) object {
	return object{"upn": upn, "role": "attendee", "identity": object{"user": object{"id": tomasID, "displayName": name}}}
}

func graphAttacks() []attack {
	return append(append(graphTextAttacks(), graphTypeAttacks()...), append(graphTransportAttacks(), graphIdentityAttacks()...)...)
}

// Texts within a meeting.
func graphTextAttacks() []attack {
	const script, reversed = `"><script>alert(1)</script><img src=x onerror=alert(1)>`, "INC\u202e0012\u2066\x00\x1b[31m"
	many := make([]any, 5000)
	for i := range many {
		many[i] = attendee(fmt.Sprintf("person%d@contoso.example", i), "Person")
	}
	return []attack{
		inMeeting("subject-html", "returns a subject with a script", "<script>alert(1)</script>", "<script>alert", setTo("subject", script)),
		inMeeting("subject-control", "returns a subject that reverses the text around it", "INC", "\u202e", setTo("subject", reversed)),
		inMeeting("subject-huge", "returns a subject of 1 MB", "xxx", strings.Repeat("x", 2000), setTo("subject", strings.Repeat("x", 1<<20))),
		inMeeting("subject-calendar", "returns a subject that adds an alarm to the calendar file", "Created", "", setTo("subject", "x\r\nBEGIN:VALARM\r\nACTION:PROCEDURE\r\nEND:VALARM")),
		inMeeting("subject-mail", "returns a subject that adds recipients to the invitation mail", "Created", "", setTo("subject", "x&bcc=evil@evil.example?bcc=evil@evil.example")),
		inMeeting("passcode-html", "returns a passcode with a script", "<script>alert(1)</script>", "<script>alert", within("joinMeetingIdSettings", "passcode", script)),
		inMeeting("passcode-control", "returns a passcode that reverses the text around it", "Created", "\u202e", within("joinMeetingIdSettings", "passcode", reversed)),
		inMeeting("meeting-id-control", "returns a meeting ID that reverses the text around it", "Created", "\u202e", within("joinMeetingIdSettings", "joinMeetingId", reversed)),
		inMeeting("phone-html", "returns a telephone number with a script", "Created", "<script>alert", setTo("audioConferencing", object{"conferenceId": script, "tollNumber": script, "tollFreeNumbers": []string{script}, "dialinUrl": "https://dialin.example/"})),
		inMeeting("phone-link", "returns a telephone number that is a link to a script", "Created", "", setTo("audioConferencing", object{"conferenceId": "1", "tollNumber": "javascript:alert(1)", "dialinUrl": "javascript:alert(1)"})),
		inMeeting("phones-many", "returns a hundred thousand telephone numbers", "Created", "", setTo("audioConferencing", object{"conferenceId": "1", "tollNumbers": numbers(100_000)})),
		inMeeting("thread-control", "returns a thread ID that reverses the text around it", "Created", "\u202e", within("chatInfo", "threadId", reversed)),
		inMeeting("options-html", "returns options with a script as their values", "Created", "<script>alert", func(m object) {
			m["allowedPresenters"], m["lobbyBypassSettings"] = script, object{"scope": script}
		}),
		inMeeting("attendee-html", "returns an attendee whose name is a script", "Created", "<script>alert", attendees([]any{attendee(script+"@evil.example", script)})),
		inMeeting("attendee-control", "returns an attendee whose name reverses the text around it", "Created", "\u202e", attendees([]any{attendee("a\u202e\x00@evil.example", reversed)})),
		inMeeting("attendee-address", "returns an attendee whose name contains another address", "Created", "", attendees([]any{attendee("dana@contoso.example", "Dana <evil@evil.example>, x <y@evil.example>")})),
		inMeeting("attendee-calendar", "returns an attendee whose name adds lines to the calendar file", "Created", "", attendees([]any{attendee("dana@contoso.example\r\nX-EVIL:1", "Dana\r\nATTACH:file:///etc/passwd")})),
		inMeeting("attendees-many", "returns a meeting with 5,000 attendees", "Created", "", attendees(many)),
		inMeeting("dates-hostile", "returns dates in the year 292277026596", "Created", "", func(m object) {
			m["startDateTime"], m["endDateTime"], m["creationDateTime"], m["expiryDateTime"] = "292277026596-12-04T15:30:07Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "-1"
		}),
		inMeeting("document-huge", "returns a meeting with 3 MB of properties that the desk does not know", "Created", "", func(m object) {
			m["x"] = strings.Repeat("x", 3<<20)
		}),
	}
}

func numbers(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("+351 21 %07d", i)
	}
	return list
}

// Responses that are not what Graph sends.
func graphTypeAttacks() []attack {
	return []attack{
		inMeeting("types-wrong", "returns every property with a wrong type", "Created", "", func(m object) {
			for name := range m {
				if name != "id" && name != "externalId" {
					m[name] = []any{object{"x": 1}}
				}
			}
		}),
		inMeeting("nulls", "returns null for every property", "Created", "", func(m object) {
			for name := range m {
				if name != "id" && name != "externalId" {
					m[name] = nil
				}
			}
		}),
		onCreate("json-deep", "returns JSON that is a hundred thousand levels deep", unfinished("Finish"), answers(200, `{"id":"M","x":`+strings.Repeat("[", 100_000), "request-id", "r")),
		onCreate("json-list", "returns a list instead of a meeting", unfinished("Finish"), answers(200, `[{"id":"M"}]`, "request-id", "r")),
		onCreate("html", "returns a page with a script instead of a meeting", unfinished("Finish"), answers(200, "<script>alert(1)</script>", "Content-Type", "text/html")),
		onCreate("id-missing", "returns a meeting without an ID", unfinished("Finish"), answers(201, `{"subject":"x"}`, "request-id", "r")),
		onCreate("error-html", "refuses with a script as its code and its message", unfinished("Failed"), answers(403, `{"error":{"code":"<script>alert(1)</script>","message":"<script>alert(1)</script>\u202e"}}`, "request-id", "\"><script>")),
		onCreate("error-huge", "refuses with a code and a message of 1 MB each", unfinished("Failed"), answers(400, `{"error":{"code":"`+strings.Repeat("c", 1<<20)+`","message":"`+strings.Repeat("m", 1<<20)+`"}}`, "request-id", strings.Repeat("r", 5000))),
		onCreate("error-nested", "refuses with inner errors that are ten thousand levels deep", unfinished("Finish"), answers(403, `{"error":{"code":"x","innerError":`+strings.Repeat(`{"innerError":`, 10_000)+"{}"+strings.Repeat("}", 10_000)+"}}", "request-id", "r")),
		onCreate("challenge-hostile", "asks for claims that are no JSON", unfinished("Finish"), answers(401, "", "Www-Authenticate", `Bearer error="insufficient_claims", claims="javascript:alert(1)"`)),
	}
}

// echo is a row in which Graph, or a proxy in its place, sends the token back.
func echo(name, does string, want outcome, answer func(w http.ResponseWriter, token string)) attack {
	return onCreate("echo-"+name, does, want, func(_ *site, w http.ResponseWriter, r *http.Request) {
		answer(w, strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
	})
}

// Responses that attack on their way.
func graphTransportAttacks() []attack {
	rows := []attack{
		echo("page", "echoes the request, with its token, on an error page", unfinished("Finish"), func(w http.ResponseWriter, token string) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(http.StatusForbidden)
			io.WriteString(w, "<h1>Blocked</h1> Authorization: Bearer "+token)
		}),
		echo("message", "puts the token into the message and the code of a refusal", unfinished("Failed"), func(w http.ResponseWriter, token string) {
			w.Header().Set("request-id", token)
			w.WriteHeader(http.StatusForbidden)
			writeJSON(w, object{"error": object{"code": token, "message": "Bearer " + token, "innerError": object{"date": token, "request-id": token}}})
		}),
		echo("meeting", "puts the token into the subject and the link of the meeting", unfinished("Created"), func(w http.ResponseWriter, token string) {
			w.Header().Set("request-id", token)
			w.WriteHeader(http.StatusCreated)
			writeJSON(w, object{"id": "M1", "subject": token, "joinWebUrl": "https://teams.example/" + token, "externalId": "INC0012345"})
		}),
		onCreate("gzip-bomb", "returns a compressed response of 64 MB", unfinished("Finish"), func(_ *site, w http.ResponseWriter, _ *http.Request) { bomb(w) }),
		onCreate("body-endless", "returns a response that never ends", unfinished("Finish"), func(_ *site, w http.ResponseWriter, _ *http.Request) {
			for range 3000 {
				if _, err := io.WriteString(w, strings.Repeat(" ", 1<<12)); err != nil {
					return
				}
			}
		}),
		onCreate("headers-huge", "returns 500 KB of headers", unfinished("Finish"), answers(200, "{}", "request-id", strings.Repeat("r", 500_000))),
		onCreate("retry-after-huge", "asks to wait for a thousand years", unfinished("Retry after"), answers(429, `{"error":{"code":"TooManyRequests","message":""}}`, "request-id", "r", "Retry-After", "31536000000")),
		onCreate("retry-after-negative", "asks to wait for a negative time", unfinished("Failed"), answers(429, `{"error":{"code":"TooManyRequests","message":""}}`, "request-id", "r", "Retry-After", "-1000000000000000000000")),
		onCreate("retry-after-text", "asks to wait until a script", unfinished("Failed"), answers(429, `{"error":{"code":"TooManyRequests","message":""}}`, "request-id", "r", "Retry-After", "<script>alert(1)</script>")),
	}
	for _, status := range []int{301, 302, 303, 307, 308} {
		rows = append(rows, redirectedGraph(status))
	}
	return rows
}

// redirectedGraph is a row in which Graph redirects a call, with its token, to the
// attacker's server.
func redirectedGraph(status int) attack {
	return attack{name: fmt.Sprintf("graph/redirect-%d", status), attacker: graph, does: "redirects a call, with its token, to another host", run: func(s *site) *page {
		b := s.signIn(priya)
		other := newElsewhere(s, nil)
		s.tamper(func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
			if isGraph(r) {
				http.Redirect(w, r, other.URL+r.URL.Path, status)
			}
			return isGraph(r)
		})
		p := b.post("/meetings", s.form())
		other.wantUntouched(s)
		return p
	}, want: unfinished("Finish")}
}

// Responses about another meeting or another person than the desk asked for.
func graphIdentityAttacks() []attack {
	return []attack{
		inMeeting("organizer-other", "names a colleague as the organizer of Priya's meeting", "Priya Nair", "Tomás", within("participants", "organizer", object{"upn": tomas, "identity": object{"user": object{"id": tomasID, "displayName": "Tomás Oliveira"}}})),
		inMeeting("id-path", "returns an ID that is a path, which later calls would use", "Created", "", setTo("id", "../../users/"+tomasID+"/onlineMeetings/x?y#z")),
		rejected(inMeeting("id-control", "returns an ID with a NUL and a change of direction", "Finish", "\u202e", setTo("id", "M\x00\u202e1")), 3),
		inMeeting("external-id-html", "returns another external ID, with a script", "INC0012345", "<script>alert", setTo("externalId", `<script>alert(1)</script>`)),
		rejected(inMeeting("external-id-control", "returns an external ID that reverses the text around it", "Finish", "\u202e", setTo("externalId", "INC\u202e\x00")), 3),
		colleaguesMeeting(),
		notAdopted(adopted("adopt-external-id-control", "returns, for a meeting made in another program, an external ID that reverses the text around it", "INC\u202e\x00\u2066")),
		adopted("adopt-external-id-html", "returns, for a meeting made in another program, a script as the external ID", `"><script>alert(1)</script>`),
		adopted("adopt-external-id-path", "returns, for a meeting made in another program, an external ID that is a path to another host", `//evil.example/..`),
		nextLink(),
	}
}

// rejected changes the outcome of a row to a create without a usable response, after the
// given number of tries.
func rejected(a attack, tries int) attack {
	a.want.sent = tries
	return a
}

func notAdopted(a attack) attack {
	a.want = outcome{status: 422, sessions: 1}
	return a
}

// colleaguesMeeting is a row in which Graph answers Tomás's create with the meeting of
// Priya. His page shows what Graph returned, but he gets no access to her row.
func colleaguesMeeting() attack {
	return attack{name: "graph/meeting-of-a-colleague", attacker: graph, does: "answers a create with the meeting of a colleague", run: func(s *site) *page {
		s.signIn(priya).post("/meetings", s.form("subject", "Private"))
		document := s.Emulator.Meetings()[0].Document
		s.changeMeetings(func(m object) { m["id"] = document["id"] })
		b := s.signIn(tomas)
		b.post("/meetings", s.form("external_id", "INC-tomas"))
		return b.get("/meetings/1")
	}, want: outcome{status: 404, absent: "Private", sessions: 2, meetings: 2, sent: 2}}
}

// adopted is a row in which Priya adds a meeting that another program made, and Graph
// returns a hostile external ID for it.
func adopted(name, does, externalID string) attack {
	return attack{name: "graph/" + name, attacker: graph, does: does, run: func(s *site) *page {
		b := s.signIn(priya)
		s.tamper(func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
			if isGraph(r) && r.Method == http.MethodGet {
				w.Header().Set("request-id", "r")
				writeJSON(w, object{"value": []any{object{"id": "M1", "externalId": externalID, "subject": "Elsewhere", "joinWebUrl": "https://teams.example/x"}}})
			}
			return isGraph(r)
		})
		p := b.post("/meetings/adopt", formOf("join_url", "https://teams.example/x"))
		for _, path := range []string{"/", "/history", "/meetings/1/edit", "/history.csv", "/meetings/1/remove"} {
			b.get(path)
		}
		return p
	}, want: outcome{status: 200, page: "Elsewhere", sessions: 1, meetings: 1}}
}

// nextLink is a row in which every list continues on the attacker's server.
func nextLink() attack {
	return attack{name: "graph/next-link", attacker: graph, does: "continues its lists, and with them the token, on another host", run: func(s *site) *page {
		b := s.signIn(priya)
		other := newElsewhere(s, nil)
		s.tamper(func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
			if isGraph(r) && r.Method == http.MethodGet {
				w.Header().Set("request-id", "r")
				w.Header().Set("Link", "<"+other.URL+`>; rel="next"`)
				writeJSON(w, object{"value": []any{}, "@odata.nextLink": other.URL + "/next", "@odata.deltaLink": other.URL + "/delta"})
				return true
			}
			return false
		})
		b.get("/people?q=dana")
		p := b.post("/meetings/adopt", formOf("join_url", "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0"))
		other.wantUntouched(s)
		return p
	}, want: outcome{status: 422, sessions: 1}}
}

// A meeting's own link, which people click and forward.
func joinLinkAttacks() (rows []attack) {
	for name, link := range map[string]any{
		"javascript":  "javascript:alert(1)//https://teams.microsoft.com/",
		"data":        "data:text/html,<script>alert(1)</script>",
		"relative":    "//evil.example/",
		"path":        "/auth/logout",
		"file":        "file:///etc/passwd",
		"tel":         "tel:+351210000000",
		"vbscript":    "vbscript:msgbox(1)",
		"no-host":     "https:///evil.example",
		"tab":         "java\tscript:alert(1)",
		"space":       " javascript:alert(1)",
		"huge":        "https://teams.microsoft.com/" + strings.Repeat("x", 100_000),
		"number":      7,
		"userinfo":    "https://teams.microsoft.com@evil.example/",
		"password":    "https://teams.microsoft.com:443@evil.example/",
		"control":     "https://teams.microsoft.com/\u202egpj.exe",
		"newline":     "https://teams.microsoft.com/\nbcc:evil@evil.example",
		"host-direct": "https://teams.microsoft.com\u2066.evil.example/",
	} {
		row := inMeeting("", "returns links that are not the address of a page ("+name+")", "Created", "", func(m object) {
			m["joinWebUrl"], m["meetingOptionsWebUrl"], m["audioConferencing"] = link, link, object{"dialinUrl": link, "conferenceId": "1"}
		})
		row.name, row.run = "link/"+name, withoutLink(row.run, link)
		rows = append(rows, row)
	}
	return rows
}

// withoutLink checks that no page links to the address, and that the calendar file does
// not have it.
func withoutLink(run func(*site) *page, link any) func(*site) *page {
	return func(s *site) *page {
		p := run(s)
		text, _ := link.(string)
		if text == "" || text == "/auth/logout" { // the desk's own pages have this address
			return p
		}
		for _, seen := range s.pages {
			if seen.doc.Find("a").FilterFunction(hrefIs(text)).Length() != 0 {
				s.t.Errorf("%s links to %q", seen.url, text)
			}
			if seen.url.Path == "/meetings/1/invitation.ics" && strings.Contains(seen.body, text) {
				s.t.Errorf("the calendar file contains %q", text)
			}
		}
		return p
	}
}
