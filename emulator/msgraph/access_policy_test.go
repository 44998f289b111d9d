package msgraph_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"meetdesk/emulator"
	"meetdesk/emulator/emutest"
)

func TestWhoMayCallWhere(t *testing.T) {
	s := emutest.New(t, emutest.WithApp)
	app, delegated := s.AppToken(), s.SignIn("priya@contoso.example").AccessToken
	priya, dana := "/users/"+emutest.Person("priya@contoso.example").ObjectID, "/users/"+emutest.Person("dana@contoso.example").ObjectID
	const path = "/onlineMeetings/createOrGet"
	for _, tt := range []struct {
		name, token, path string
		status            int
		code, message     string
	}{
		{"application for Priya", app, priya + path, 201, "", ""},
		{"again, by the action's full name", app, priya + "/onlineMeetings/microsoft.graph.createOrGet", 200, "", ""},
		{"an ID in capitals is another ID", app, "/users/" + strings.ToUpper(priya[7:]) + path, 404, "UnknownError", ""},
		{"application on /me", app, "/me" + path, 400, "BadRequest", "/me request is only valid with delegated authentication flow."},
		{"a person below /users", delegated, priya + path, 403, "Forbidden", ""},
		{"a person for somebody else", delegated, dana + path, 403, "Forbidden", ""},
		{"UPN", app, "/users/priya@contoso.example" + path, 404, "UnknownError", ""},
		{"unknown", app, "/users/00000000-0000-0000-0000-000000000000" + path, 404, "UnknownError", ""},
		{"without a policy", app, dana + path, 403, "Forbidden", "No application access policy found for this app"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, m := s.Graph("POST", "/v1.0"+tt.path, tt.token, `{"externalId":"1"}`)
			code, _ := emutest.At(m, "error", "code").(string)
			message, _ := emutest.At(m, "error", "message").(string)
			if r.StatusCode != tt.status || code != tt.code || message != tt.message {
				t.Errorf("status %d %s %q, want %d %s %q", r.StatusCode, code, message, tt.status, tt.code, tt.message)
			}
		})
	}
	if r, m := s.Graph("POST", emutest.CreateOrGet, delegated, `{"externalId":"1"}`); r.StatusCode != http.StatusOK {
		t.Errorf("Priya's own call for the application's meeting: status %d: %v", r.StatusCode, m)
	}
	if r, m := s.Graph("GET", "/v1.0/me", app, ""); r.StatusCode != 400 {
		t.Errorf("GET /me by an application: status %d: %v", r.StatusCode, m)
	}
}

func TestTheApplicationUsesAMeeting(t *testing.T) {
	s := emutest.New(t, emutest.WithApp)
	app, users := s.AppToken(), "/v1.0/users/"+emutest.Person("priya@contoso.example").ObjectID+"/onlineMeetings"
	_, m := s.Graph("POST", users+"/createOrGet", app, `{"externalId":"1"}`)
	id, link := m["id"].(string), m["joinWebUrl"].(string)
	if emutest.At(m, "participants", "organizer", "upn") != "priya@contoso.example" || !strings.Contains(m["@odata.context"].(string), "users('"+emutest.Person("priya@contoso.example").ObjectID+"')") {
		t.Errorf("organizer %v in %v", emutest.At(m, "participants", "organizer"), m["@odata.context"])
	}
	danasMeeting := s.Create(s.SignIn("dana@contoso.example").AccessToken, `{"externalId":"1"}`)
	for _, tt := range []struct {
		method, path, body string
		status             int
	}{
		{"GET", "/" + url.PathEscape(id), "", 200},
		{"GET", "/" + id + "/?$select=id", "", 200},
		{"GET", "?$filter=" + url.QueryEscape("JoinWebUrl eq '"+link+"'"), "", 200},
		{"GET", "/?%24filter=" + url.QueryEscape("JoinWebUrl eq '"+link+"'"), "", 200},
		{"GET", "", "", 400},
		{"PATCH", "/" + id, `{"subject":"moved"}`, 200},
		{"GET", "/" + danasMeeting["id"].(string), "", 403},
		{"GET", "?$filter=" + url.QueryEscape("JoinWebUrl eq '"+danasMeeting["joinWebUrl"].(string)+"'"), "", 403},
		{"DELETE", "/" + danasMeeting["id"].(string), "", 403},
		{"DELETE", "/" + id, "", 204},
		{"DELETE", "/" + id, "", 404},
		{"PUT", "/" + id, "", 405},
	} {
		if r, got := s.Graph(tt.method, users+tt.path, app, tt.body); r.StatusCode != tt.status {
			t.Errorf("%s %s: status %d, want %d: %v", tt.method, tt.path, r.StatusCode, tt.status, got)
		}
	}
	if r, got := s.Graph("GET", "/v1.0/users/x/planets", app, ""); emutest.At(got, "error", "message") != "Resource not found for the segment 'planets'." {
		t.Errorf("status %d: %v", r.StatusCode, got)
	}
}

func TestAccessPolicy(t *testing.T) {
	s := emutest.New(t, emutest.WithApp)
	app := s.AppToken()
	priya, dana := emutest.Person("priya@contoso.example").ObjectID, emutest.Person("dana@contoso.example").ObjectID
	for _, step := range []struct {
		name        string
		change      func()
		priya, dana bool
	}{
		{"initial policy", func() {}, true, false},
		{"granted to one more person", func() { s.Emulator.GrantAccessPolicy(strings.ToUpper(dana)) }, true, true},
		{"revoked for one person", func() { s.Emulator.RevokeAccessPolicy(priya) }, false, true},
		{"granted to everyone", func() { s.Emulator.GrantAccessPolicy(emulator.Everyone) }, false, true},
		{"granted to everyone, revoked for one person", func() { s.Emulator.GrantAccessPolicy(priya); s.Emulator.RevokeAccessPolicy(dana) }, true, false},
		{"revoked for everyone", func() { s.Emulator.RevokeAccessPolicy(emulator.Everyone) }, true, false},
	} {
		step.change()
		for id, allowed := range map[string]bool{priya: step.priya, dana: step.dana} {
			r, m := s.Graph("POST", "/v1.0/users/"+id+"/onlineMeetings/createOrGet", app, `{"externalId":"1"}`)
			if (r.StatusCode < 300) != allowed {
				t.Errorf("%s: status %d for %s, want allowed %v: %v", step.name, r.StatusCode, id, allowed, m)
			}
		}
	}
}

func TestPolicyBelongsToOneApplication(t *testing.T) {
	before := emutest.New(t, func(o *emulator.Options) { emutest.WithApp(o); o.AppClientID = "another" }).AppToken()
	s := emutest.New(t, emutest.WithApp)
	path := "/v1.0/users/" + emutest.Person("priya@contoso.example").ObjectID + "/onlineMeetings/createOrGet"
	if r, m := s.Graph("POST", path, before, `{"externalId":"1"}`); r.StatusCode != 403 || emutest.At(m, "error", "code") != "Forbidden" {
		t.Errorf("status %d: %v", r.StatusCode, m)
	}
}

func TestApplicationPermissions(t *testing.T) {
	for _, tt := range []struct {
		role                string
		create, find, users int
	}{
		{"OnlineMeetings.ReadWrite.All", 201, 400, 403},
		{"OnlineMeetings.Read.All", 403, 400, 403},
		{"User.ReadBasic.All", 403, 403, 200},
		{"OnlineMeetings.ReadWrite", 403, 403, 403},
	} {
		s := emutest.New(t, func(o *emulator.Options) { emutest.WithApp(o); o.AppRoles = []string{tt.role} })
		token, users := s.AppToken(), "/v1.0/users/"+emutest.Person("priya@contoso.example").ObjectID
		for path, want := range map[string]int{users + "/onlineMeetings": tt.find, users: tt.users, "/v1.0/users": tt.users} {
			if r, m := s.Graph("GET", path, token, ""); r.StatusCode != want {
				t.Errorf("%s: GET %s: status %d, want %d: %v", tt.role, path, r.StatusCode, want, m)
			}
		}
		if r, m := s.Graph("POST", users+"/onlineMeetings/createOrGet", token, `{"externalId":"1"}`); r.StatusCode != tt.create {
			t.Errorf("%s: status %d, want %d: %v", tt.role, r.StatusCode, tt.create, m)
		}
	}
}
