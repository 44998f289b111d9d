package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"meetdesk/desk/desktest"
	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/testenv"
)

const (
	tomasID = "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e02"
	danaID  = "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e03"

	createFor = desktest.CreateFor
)

// atGraph creates a meeting in Graph without using the desk. It returns the meeting's ID
// and join link.
func atGraph(t *testing.T, s *site, upn, externalID, subject string) (id, joinURL string) {
	t.Helper()
	return s.MadeElsewhere(s.SignIn(upn), externalID, subject)
}

// askGraph sends a createOrGet request to Graph, as another program would.
func askGraph(s *site, token, body string) *http.Response {
	r, err := http.NewRequest(http.MethodPost, s.MicrosoftURL+"/v1.0/me/onlineMeetings/createOrGet", strings.NewReader(body))
	if err != nil {
		panic(err) // not t.Fatal, which must not be called outside the test's goroutine
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		panic(err)
	}
	return resp
}

// graphToken signs the person in and returns the access token that the desk stored.
func graphToken(t *testing.T, s *site, upn string) (token string) {
	t.Helper()
	s.signIn(upn)
	for id := int64(1); ; id++ { // grant IDs begin at 1, and the last grant is the newest
		tokens, err := s.store.Tokens(t.Context(), id)
		if err != nil {
			return token
		}
		token = tokens.AccessToken
	}
}

func TestMeetingForAnotherOrganizer(t *testing.T) {
	t.Parallel()
	s := newSite(t, withOrganizers(priya, tomasID))
	d := s.signIn(dana)
	offered := d.get("/meetings/new").want(200).doc.Find(`select[name="organizer"]`)
	if names := offered.Text(); offered.Find("option").Length() != 3 || !strings.Contains(names, "Priya Nair") || !strings.Contains(names, "Tomás Oliveira") {
		t.Errorf("the organizers to choose from are %q, want Dana, Priya and Tomás", names)
	}
	p := d.post("/meetings", s.form("organizer", priyaID, "subject", "For Priya")).want(200, "Created", "For Priya", "Priya Nair", "Dana Whitfield")
	m := newest(t, s, "INC0012345")
	if m.Organizer.UPN != priya || m.Maker.UPN != dana || s.graph.Meetings()[0].Organizer != priyaID {
		t.Fatalf("organizer is %s, maker is %s, organizer in Graph is %s", m.Organizer.UPN, m.Maker.UPN, s.graph.Meetings()[0].Organizer)
	}
	if a := attempts(t, s, m.ID)[0]; a.Mode != meeting.Application {
		t.Errorf("the attempt is in %s mode", a.Mode)
	}

	t.Run("the maker can change it", func(t *testing.T) {
		d.change(p.url.Path, "Changed by Dana").want(200, "Changed by Dana", "Changed")
	})
	t.Run("the organizer sees it on the home page and can change it with their own token", func(t *testing.T) {
		o := s.signIn(priya)
		o.get("/").want(200, "Changed by Dana")
		o.change(p.url.Path, "Changed by Priya").want(200, "Changed by Priya")
	})
	t.Run("creating and changing it is audited", func(t *testing.T) {
		got := strings.Join(audit(t, s), "\n")
		for _, want := range []string{"dana@contoso.example meeting.for 1 create", "dana@contoso.example meeting.for 1 update"} {
			if !strings.Contains(got, want) {
				t.Errorf("the audit log lacks %q:\n%s", want, got)
			}
		}
	})
	t.Run("another help desk member cannot change it", func(t *testing.T) {
		a := s.signIn(alex)
		a.get(p.url.Path).want(200, "Only the organizer can change this meeting.")
		a.get(p.url.Path + "/edit").want(403)
	})
}

func TestWhoMayMakeMeetingsForOthers(t *testing.T) {
	t.Parallel()
	t.Run("staff cannot choose an organizer", func(t *testing.T) {
		s := newSite(t, withOrganizers(priya))
		b := s.signIn(tomas)
		if p := b.get("/meetings/new"); p.doc.Find(`[name="organizer"]`).Length() != 0 {
			t.Error("the form offers other organizers to staff")
		}
		b.post("/meetings", s.form("organizer", priyaID)).want(403)
		wantNothingSent(t, s)
	})
	t.Run("organizer who is not on the list", func(t *testing.T) {
		s := newSite(t, withOrganizers(priya))
		p := s.signIn(dana).post("/meetings", s.form("organizer", tomasID, "subject", "Typed")).want(422)
		wantFormKept(t, p, s.form("subject", "Typed"))
		wantNothingSent(t, s)
	})
	t.Run("application mode is off", func(t *testing.T) {
		s := newSite(t)
		b := s.signIn(dana)
		if p := b.get("/meetings/new"); p.doc.Find(`[name="organizer"]`).Length() != 0 {
			t.Error("the form offers other organizers")
		}
		b.post("/meetings", s.form("organizer", priyaID)).want(422)
		wantNothingSent(t, s)
	})
	t.Run("own ID means own meeting", func(t *testing.T) {
		s := newSite(t)
		s.signIn(priya).post("/meetings", s.form("organizer", priyaID)).want(200, "Created")
	})
}

func wantNothingSent(t *testing.T, s *site) {
	t.Helper()
	for _, r := range s.graph.Requests() {
		if r.Method == http.MethodPost {
			t.Errorf("Graph got %s %s, want no POST", r.Method, r.Path)
		}
	}
	if got := record(t, s); len(got) != 0 {
		t.Errorf("recorded meetings are %v, want none", got)
	}
}

// An application token can read all of the organizer's meetings. When a help desk member
// creates a meeting for the organizer, the desk must not reveal one that the organizer
// created.
func TestOrganizersOwnMeetingIsHidden(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	t.Run("meeting unknown to the desk", func(t *testing.T) {
		s := newSite(t, withOrganizers(priya))
		atGraph(t, s, priya, "INC0012345", "Priya's secret")
		d := s.signIn(dana)
		p := d.post("/meetings", s.form("organizer", priyaID, "subject", "Dana's wish")).want(200, "Priya Nair", "already has a meeting")
		wantNoSecret(t, p)
		m := newest(t, s, "INC0012345")
		if a := attempts(t, s, m.ID)[0]; m.State != meeting.Failed || a.Reason != meeting.ReasonOrganizerHas || m.JoinURL != "" || m.GraphID != "" {
			t.Errorf("recorded state is %s, reason %q, details %+v; want failed without a join link or Graph ID", m.State, a.Reason, m.Details)
		}
		p = d.post(retryOf(t, s), nil).want(200, "already has a meeting")
		wantNoSecret(t, p)
		wantNoSecret(t, d.get("/").want(200))

		// The organizer now submits the external ID that Dana's attempt used. From then on,
		// Dana can neither change the meeting nor see it on her home page.
		s.signIn(priya).post("/meetings", s.form()).want(200, "Found", "Priya's secret")
		if m := newest(t, s, "INC0012345"); m.Maker.UPN != priya {
			t.Errorf("the maker is %s, want the organizer", m.Maker.UPN)
		}
		d.get(fmt.Sprintf("/meetings/%d/edit", m.ID)).want(403)
		wantNoSecret(t, d.get("/").want(200))
	})
	t.Run("meeting in the history", func(t *testing.T) {
		s := newSite(t, withOrganizers(priya))
		s.signIn(priya).post("/meetings", s.form("subject", "Priya's secret")).want(200)
		before := len(s.graph.Requests())
		p := s.signIn(dana).post("/meetings", s.form("organizer", priyaID, "subject", "Dana's wish")).want(409, "already has a meeting")
		wantNoSecret(t, p)
		wantFormKept(t, p, s.form("subject", "Dana's wish"))
		if got := len(s.graph.Requests()); got != before {
			t.Errorf("Graph got %d requests, want none", got-before)
		}
	})
	t.Run("meeting that may exist", func(t *testing.T) {
		s := newSite(t, withOrganizers(priya))
		b := s.signIn(priya)
		for range 3 {
			s.graph.FailNext(createRoute, emulator.Failure{Drop: true, Apply: true})
		}
		b.post("/meetings", s.form("subject", "Priya's secret")).want(200, "Finish")
		s.signIn(dana).post("/meetings", s.form("organizer", priyaID)).want(409)
		b.post(retryOf(t, s), nil).want(200, "Created")
	})
	t.Run("another spelling of the maker's own external ID", func(t *testing.T) {
		s := newSite(t, withOrganizers(priya), withSwitches(emulator.Switches{FoldExternalID: true}))
		d := s.signIn(dana)
		d.post("/meetings", s.form("organizer", priyaID)).want(200, "Created")
		d.post("/meetings", s.form("anyway", "1", "organizer", priyaID, "external_id", "inc0012345", "subject", "Once more")).want(200, "Found", "Once more")
		if m := newest(t, s, "INC0012345"); m.State != meeting.Live || len(attempts(t, s, m.ID)) != 2 {
			t.Errorf("the meeting is %s with %d attempts, want live with 2", m.State, len(attempts(t, s, m.ID)))
		}
	})
}

// wantNoSecret fails the test if the page contains the subject of Priya's meeting or any
// Teams link.
func wantNoSecret(t *testing.T, p *page) {
	t.Helper()
	for _, never := range []string{"Priya's secret", "Priya&#39;s secret", "teams.microsoft.com/l/meetup-join", "teams.microsoft.com/meet"} {
		if strings.Contains(p.body, never) {
			t.Errorf("%s shows %q:\n%s", p.url, never, p.text())
		}
	}
}

func TestMissingAccessPolicyIsExplained(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for _, form := range []string{"", emulator.PolicyGeneral, emulator.PolicyUnauthorized} {
		s := newSite(t, withOrganizers(priya), withoutPolicy, withSwitches(emulator.Switches{PolicyRefusal: form}))
		d := s.signIn(dana)
		p := d.post("/meetings", s.form("organizer", priyaID)).want(200, "Retry", "30 minutes",
			`New-CsApplicationAccessPolicy -Identity Meetdesk-policy -AppIds "`+emulator.DefaultAppClientID+`"`,
			`Grant-CsApplicationAccessPolicy -PolicyName Meetdesk-policy -Identity "`+priyaID+`"`)
		if a := attempts(t, s, newest(t, s, "INC0012345").ID)[0]; a.Reason != meeting.ReasonPolicy || a.State != meeting.AttemptFailed {
			t.Errorf("policy refusal %q: the attempt is %s for %s, want failed for the policy:\n%s", form, a.State, a.Reason, p.text())
		}
		s.graph.GrantAccessPolicy(priyaID)
		d.post(retryOf(t, s), nil).want(200, "Created")
	}
}
