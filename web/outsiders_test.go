package web_test

import (
	"fmt"
	"strings"
	"testing"

	"meetdesk/emulator"
)

// Graph gives the roles of presenter and co-organizer to people in the directory
// alone: the field says so before anything is sent.
func TestRolesForOutsiders(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	guest := emulator.Person{ObjectID: "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e79", UPN: "lee_fabrikam.example#EXT#@contoso.onmicrosoft.example", Mail: "lee@fabrikam.example", Name: "Lee Long"}
	for _, tt := range []struct {
		line    string
		refused string // by a directory that answers; "" for taken
		asked   bool   // without a directory
	}{
		{"Ana <ana@fabrikam.example> coorganizer", "ana@fabrikam.example", true},
		{"wrong@contoso.example presenter", "wrong@contoso.example", false},
		{"tomas@contoso.example presenter", "", false},
		{"lee_fabrikam.example#EXT#@contoso.onmicrosoft.example coorganizer", "", true},
	} {
		t.Run(strings.ReplaceAll(tt.line, "#", ""), func(t *testing.T) { // the folder has the name, and a # ends a path
			t.Parallel()
			people := "dana@contoso.example\n" + tt.line
			t.Run("the directory is asked", func(t *testing.T) {
				s := newSite(t, withScopes(basicScope), withPeople(guest))
				p := s.signIn(priya).post("/meetings", s.form("attendees", people, "subject", "Typed"))
				if tt.refused == "" {
					p.want(200, "Created")
					if got := p.doc.Find(".asked").Length(); got != 0 {
						t.Errorf("Graph did not keep it:\n%s", p.text())
					}
					return
				}
				wantProblem(t, p.want(422), "attendees", tt.refused)
				wantKept(t, p, s.form("attendees", people, "subject", "Typed"))
				wantNoMeeting(t, s)
				// The refusal stands, however often it is sent.
				b := s.signIn(priya)
				b.post("/meetings", fields(b.post("/meetings", s.form("attendees", people)).want(422))).want(422)
			})
			t.Run("without the permission", func(t *testing.T) {
				s := newSite(t, withPeople(guest))
				b := s.signIn(priya)
				p := b.post("/meetings", s.form("attendees", people, "subject", "Typed"))
				if !tt.asked {
					p.want(200, "Created")
					return
				}
				wantProblem(t, p.want(422), "attendees", "outside your organization")
				wantKept(t, p, s.form("attendees", people, "subject", "Typed"))
				wantNothingAsked(t, s)
				b.post("/meetings", fields(p)).want(200, "Created") // the person knows better
			})
		})
	}
}

// wantNoMeeting expects that Graph was asked about people alone.
func wantNoMeeting(t *testing.T, s *site) {
	t.Helper()
	if len(record(t, s)) != 0 {
		t.Error("something was begun")
	}
	for _, r := range s.graph.Requests() {
		if r.Method != "GET" {
			t.Errorf("Graph was asked %s %s", r.Method, r.Path)
		}
	}
}

// What a person is sure of is said of those people and of nobody else.
func TestASecondOutsiderIsAskedAboutToo(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	form := fields(b.post("/meetings", s.form("attendees", "ana@fabrikam.example presenter")).want(422))
	form.Set("attendees", "ANA@fabrikam.example presenter\nlee@fabrikam.example coorganizer")
	p := b.post("/meetings", form).want(422)
	wantProblem(t, p, "attendees", "lee@fabrikam.example")
	if strings.Contains(p.doc.Find(`[id="attendees-error"], .error-summary`).Text(), "ANA@") {
		t.Errorf("asked again about Ana:\n%s", p.text())
	}
	wantNothingAsked(t, s)
	b.post("/meetings", fields(p)).want(200, "Created")
}

func TestRolesForOutsidersOnAChange(t *testing.T) {
	t.Parallel()
	for _, scopes := range [][]string{nil, {basicScope}} {
		s := newSite(t, withScopes(scopes...))
		b := s.signIn(priya)
		where := b.post("/meetings", s.form("attendees", "ana@fabrikam.example\ndana@contoso.example")).want(200).url.Path
		form := fields(b.get(where + "/edit").want(200))
		form.Set("attendees", "ana@fabrikam.example coorganizer\ndana@contoso.example")
		p := b.post(where+"/update", form).want(422)
		wantProblem(t, p, "attendees", "ana@fabrikam.example")
		wantKept(t, p, form)
		if got := bodies(s, "PATCH"); len(got) != 0 {
			t.Errorf("Graph was sent %s", got)
		}

		// What Teams made of somebody is not for the desk to refuse.
		s.inTeams(func(m map[string]any) {
			m["participants"].(map[string]any)["attendees"].([]any)[0].(map[string]any)["role"] = "coorganizer"
		})
		b.post(where+"/refresh", nil).want(200)
		b.change(where, "Renamed").want(200, "Renamed")
	}
}

// A directory that fails is no directory that says no.
func TestADirectoryThatFailsRefusesNobody(t *testing.T) {
	t.Parallel()
	for _, status := range []int{403, 500, 503} {
		s := newSite(t, withScopes(basicScope))
		b := s.signIn(priya)
		s.graph.FailNext("GET /users/{user}", emulator.Failure{Status: status, Times: 20})
		b.post("/meetings", s.form("attendees", "tomas@contoso.example presenter")).want(200, "Created")
		p := b.post("/meetings", s.form("external_id", "INC2", "attendees", "ana@fabrikam.example presenter")).want(422)
		wantProblem(t, p, "attendees", "send the form again")
	}
}

// Many of them are named up to a point.
func TestManyOutsiders(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	lines := new(strings.Builder)
	for i := range 200 {
		fmt.Fprintf(lines, "p%d@fabrikam.example presenter\n", i)
	}
	p := s.signIn(priya).post("/meetings", s.form("attendees", lines.String())).want(422, "(190)")
	wantKept(t, p, s.form("attendees", lines.String()))
	wantNothingAsked(t, s)
}
