package attack_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
)

func isGraph(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/v1.0/") }

func created(page string) outcome {
	return outcome{status: 200, page: page, sessions: 1, meetings: 1, sent: 1}
}

// unfinished returns the expected outcome of an attack that answers createOrGet itself, so
// the emulator receives no call.
func unfinished(page string) outcome {
	return outcome{status: 200, page: page, sessions: 1, meetings: 1}
}

// onCreate is an attack in which Graph sends a hostile response when Priya creates a
// meeting.
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

// inMeeting is an attack in which Graph changes every meeting that it returns. Priya then
// opens pages and files that show the meeting.
func inMeeting(name, does, shown, absent string, change func(m object)) attack {
	want := created(shown)
	want.absent = absent
	return attack{name: "graph/" + name, attacker: graph, does: does, want: want, run: func(s *site) *page {
		b := s.signIn(priya)
		s.changeMeetings(change)
		p := b.post("/meetings", s.form())
		for _, path := range []string{"/meetings/1/invitation.ics", "/meetings/1/qr.svg", "/meetings/1/edit", "/history?q=INC0012345&list=1", "/history.csv"} {
			if other := b.get(path); other.status >= 500 {
				s.t.Errorf("%s has status %d", path, other.status)
			}
		}
		for _, address := range []string{"/meetings/new/guard?external_id=INC0012345", "/people"} {
			if other := b.ask(address); other.status >= 500 {
				s.t.Errorf("%s has status %d", address, other.status)
			}
		}
		return p
	}}
}

// changeMeetings calls change for each meeting that Graph returns, except for those in
// lists.
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

// echo is an attack in which the response from Graph, or from a proxy in front of it,
// contains the desk's access token.
func echo(name, does string, want outcome, answer func(w http.ResponseWriter, token string)) attack {
	return onCreate("echo-"+name, does, want, func(_ *site, w http.ResponseWriter, r *http.Request) {
		answer(w, strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
	})
}

const bombMeeting = `{"id":"M1","externalId":"INC0012345","subject":"Created by a bomb"}`

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
		onCreate("gzip-bomb", "returns a compressed response of 64 MB", unfinished("Finish"), func(_ *site, w http.ResponseWriter, _ *http.Request) { bomb(w, bombMeeting) }),
		onCreate("body-endless", "returns a meeting of 12 MB", unfinished("Finish"), func(_ *site, w http.ResponseWriter, _ *http.Request) { pad(w, bombMeeting, 12) }),
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

// redirectedGraph is an attack in which Graph redirects a call to the attacker's
// server, which would then get the token.
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
