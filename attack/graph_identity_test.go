package attack_test

import (
	"net/http"
)

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

// rejected sets the number of createOrGet calls that the attack should cause. The desk
// rejects the responses and retries until it gives up.
func rejected(a attack, tries int) attack {
	a.want.sent = tries
	return a
}

func notAdopted(a attack) attack {
	a.want = outcome{status: 422, sessions: 1}
	return a
}

// colleaguesMeeting is an attack in which Tomás creates a meeting but Graph returns one of
// Priya's meetings. Tomás must not gain access to it.
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

// adopted is an attack in which Graph returns a hostile external ID for an existing
// meeting that Priya adds.
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

// nextLink is an attack in which the next link of every list points to the attacker's
// server.
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
		b.ask("/people?q=dana")
		p := b.post("/meetings/adopt", formOf("join_url", "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0"))
		other.wantUntouched(s)
		return p
	}, want: outcome{status: 422, sessions: 1}}
}
