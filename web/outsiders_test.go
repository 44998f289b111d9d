package web_test

import (
	"fmt"
	"strings"
	"testing"

	"meetdesk/emulator"
	"meetdesk/testenv"
)

// TestRolesForOutsiders checks that the form rejects roles for people outside the
// directory, because Graph does not store their roles. If the desk cannot read the
// directory, the form asks for confirmation instead.
func TestRolesForOutsiders(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	guest := emulator.Person{ObjectID: "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e79", UPN: "lee_fabrikam.example#EXT#@contoso.onmicrosoft.example", Mail: "lee@fabrikam.example", Name: "Lee Long"}
	for _, tt := range []struct {
		line    string
		refused string // the address that is rejected if the desk can read the directory
		warned  bool   // whether the form asks for confirmation otherwise
	}{
		{"Ana <ana@fabrikam.example> coorganizer", "ana@fabrikam.example", true},
		{"wrong@contoso.example presenter", "wrong@contoso.example", false},
		{"tomas@contoso.example presenter", "", false},
		{"lee_fabrikam.example#EXT#@contoso.onmicrosoft.example coorganizer", "", true},
	} {
		t.Run(strings.ReplaceAll(tt.line, "#", ""), func(t *testing.T) { // "#" is not allowed in the name of a temporary directory
			t.Parallel()
			people := "dana@contoso.example\n" + tt.line
			t.Run("with the directory", func(t *testing.T) {
				s := newSite(t, withScopes(basicScope), withPeople(guest))
				p := s.signIn(priya).post("/meetings", s.form("attendees", people, "subject", "Typed"))
				if tt.refused == "" {
					p.want(200, "Created")
					if got := p.doc.Find(".asked").Length(); got != 0 {
						t.Errorf("the page compares something:\n%s", p.text())
					}
					return
				}
				wantProblem(t, p.want(422), "attendees", tt.refused)
				wantFormKept(t, p, s.form("attendees", people, "subject", "Typed"))
				wantNoMeeting(t, s)
				// Submitting the form again does not confirm the roles.
				b := s.signIn(priya)
				b.post("/meetings", fields(b.post("/meetings", s.form("attendees", people)).want(422))).want(422)
			})
			t.Run("without the directory", func(t *testing.T) {
				s := newSite(t, withPeople(guest))
				b := s.signIn(priya)
				p := b.post("/meetings", s.form("attendees", people, "subject", "Typed"))
				if !tt.warned {
					p.want(200, "Created")
					return
				}
				wantProblem(t, p.want(422), "attendees", "outside your organization")
				wantFormKept(t, p, s.form("attendees", people, "subject", "Typed"))
				wantNothingSent(t, s)
				b.post("/meetings", fields(p)).want(200, "Created") // submitting the form again confirms the roles
			})
		})
	}
}

// wantNoMeeting checks that no meeting was recorded and that Graph received only GET
// requests.
func wantNoMeeting(t *testing.T, s *site) {
	t.Helper()
	if len(record(t, s)) != 0 {
		t.Error("a meeting was recorded")
	}
	for _, r := range s.graph.Requests() {
		if r.Method != "GET" {
			t.Errorf("Graph got %s %s", r.Method, r.Path)
		}
	}
}

func TestConfirmationIsPerPerson(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	form := fields(b.post("/meetings", s.form("attendees", "ana@fabrikam.example presenter")).want(422))
	form.Set("attendees", "ANA@fabrikam.example presenter\nlee@fabrikam.example coorganizer")
	p := b.post("/meetings", form).want(422)
	wantProblem(t, p, "attendees", "lee@fabrikam.example")
	if strings.Contains(p.doc.Find(`[id="attendees-error"], .error-summary`).Text(), "ANA@") {
		t.Errorf("the form asks about Ana again:\n%s", p.text())
	}
	wantNothingSent(t, s)
	b.post("/meetings", fields(p)).want(200, "Created")
}

func TestRolesForOutsidersInUpdate(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for _, scopes := range [][]string{nil, {basicScope}} {
		s := newSite(t, withScopes(scopes...))
		b := s.signIn(priya)
		where := b.post("/meetings", s.form("attendees", "ana@fabrikam.example\ndana@contoso.example")).want(200).url.Path
		form := fields(b.get(where + "/edit").want(200))
		form.Set("attendees", "ana@fabrikam.example coorganizer\ndana@contoso.example")
		p := b.post(where+"/update", form).want(422)
		wantProblem(t, p, "attendees", "ana@fabrikam.example")
		wantFormKept(t, p, form)
		if got := bodies(s, "PATCH"); len(got) != 0 {
			t.Errorf("Graph got %s, want no PATCH", got)
		}

		// The desk accepts a role that was assigned in Teams.
		s.inTeams(func(m map[string]any) {
			m["participants"].(map[string]any)["attendees"].([]any)[0].(map[string]any)["role"] = "coorganizer"
		})
		b.post(where+"/refresh", nil).want(200)
		b.change(where, "Renamed").want(200, "Renamed")
	}
}

// TestFailingDirectory checks that a directory failure is not taken to mean that a person
// is outside the directory.
func TestFailingDirectory(t *testing.T) {
	testenv.SkipIfShort(t)
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

func TestManyOutsiders(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	lines := new(strings.Builder)
	for i := range 200 {
		fmt.Fprintf(lines, "p%d@fabrikam.example presenter\n", i)
	}
	p := s.signIn(priya).post("/meetings", s.form("attendees", lines.String())).want(422, "(190)")
	wantFormKept(t, p, s.form("attendees", lines.String()))
	wantNothingSent(t, s)
}
