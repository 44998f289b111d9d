package msgraph_test

import (
	"fmt"
	"slices"
	"testing"

	"meetdesk/emulator"
	"meetdesk/emulator/emutest"
)

// rolesOf returns the roles of a meeting's attendees, with "-" for null.
func rolesOf(m map[string]any) (roles []string) {
	people, _ := emutest.At(m, "participants", "attendees").([]any)
	for i := range people {
		role, ok := emutest.At(m, "participants", "attendees", i, "role").(string)
		if !ok {
			role = "-"
		}
		roles = append(roles, role)
	}
	return roles
}

// TestCreateOrGetIgnoresRoles checks that createOrGet accepts every known role and returns
// null in its place, as in example 1 of the beta documentation.
func TestCreateOrGetIgnoresRoles(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	for i, role := range []string{`"presenter"`, `"coorganizer"`, `"attendee"`, `"producer"`, `null`} {
		body := fmt.Sprintf(`{"externalId":"%d","participants":{"attendees":[{"upn":"tomas@contoso.example","role":%s}]}}`, i, role)
		m := s.Create(token, body)
		_, found := s.Graph("POST", emutest.CreateOrGet, token, body)
		_, read := s.Graph("GET", "/v1.0/me/onlineMeetings/"+m["id"].(string), token, "")
		for _, reply := range []map[string]any{m, found, read} {
			if got := rolesOf(reply); !slices.Equal(got, []string{"-"}) {
				t.Errorf("sent %s, got %v", role, got)
			}
		}
	}
	r, _ := s.Graph("POST", emutest.CreateOrGet, token, `{"externalId":"x","participants":{"attendees":[{"upn":"tomas@contoso.example","role":"boss"}]}}`)
	if r.StatusCode != 400 {
		t.Errorf("an unknown role: status %d, want 400", r.StatusCode)
	}
}

func TestRolesByUpdate(t *testing.T) {
	const list = `"participants":{"attendees":[{"upn":"dana@contoso.example","role":"coorganizer"},{"upn":"TOMAS@contoso.example","role":"presenter"},{"upn":"sam@contoso.example"}]}`
	const outsiders = `"participants":{"attendees":[{"upn":"ana@fabrikam.example","role":"presenter"},{"upn":"lee@gmail.example","role":"coorganizer"},{"upn":"wrong@contoso.example","role":"presenter"}]}`
	for _, tt := range []struct {
		name     string
		switches emulator.Switches
		bodies   []string
		status   int // the status of the last request
		want     []string
	}{
		{"roleIsPresenter and the list", emulator.Switches{}, []string{`{"allowedPresenters":"roleIsPresenter",` + list + `}`}, 200, []string{"coorganizer", "presenter", "-"}},
		{"only the list", emulator.Switches{}, []string{`{` + list + `}`}, 200, []string{"coorganizer", "-", "-"}},
		{"roleIsPresenter in a later request", emulator.Switches{}, []string{`{` + list + `}`, `{"allowedPresenters":"roleIsPresenter"}`}, 200, []string{"coorganizer", "-", "-"}},
		{"roleIsPresenter in a later request, refused", emulator.Switches{PresentersNeedList: true}, []string{`{` + list + `}`, `{"allowedPresenters":"roleIsPresenter"}`}, 400, []string{"coorganizer", "-", "-"}},
		{"an empty list", emulator.Switches{PresentersNeedList: true}, []string{`{"allowedPresenters":"roleIsPresenter","participants":{"attendees":[]}}`}, 200, nil},
		{"then everyone", emulator.Switches{}, []string{`{"allowedPresenters":"roleIsPresenter",` + list + `}`, `{"allowedPresenters":"everyone"}`}, 200, []string{"coorganizer", "-", "-"}},
		{"then a subject", emulator.Switches{}, []string{`{"allowedPresenters":"roleIsPresenter",` + list + `}`, `{"subject":"x"}`}, 200, []string{"coorganizer", "presenter", "-"}},
		{"outsiders", emulator.Switches{}, []string{`{"allowedPresenters":"roleIsPresenter",` + outsiders + `}`}, 200, []string{"-", "-", "-"}},
		{"outsiders, refused", emulator.Switches{OutsiderRoleRejected: true}, []string{`{"allowedPresenters":"roleIsPresenter",` + outsiders + `}`}, 400, []string{"-"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := emutest.New(t, func(o *emulator.Options) { o.Switches = tt.switches })
			token := s.SignIn("priya@contoso.example").AccessToken
			path := "/v1.0/me/onlineMeetings/" + s.Create(token, `{"externalId":"1","participants":{"attendees":[{"upn":"dana@contoso.example"}]}}`)["id"].(string)
			status := 0
			for _, body := range tt.bodies {
				r, _ := s.Graph("PATCH", path, token, body)
				status = r.StatusCode
			}
			_, m := s.Graph("GET", path, token, "", "Prefer", "include-unknown-enum-members")
			if got := rolesOf(m); status != tt.status || !slices.Equal(got, tt.want) {
				t.Errorf("status %d, roles %v; want %d, %v", status, got, tt.status, tt.want)
			}
		})
	}
}

// TestIdentitiesOfOtherKinds checks that Graph preserves identities of kinds other than
// user, because identitySet is an open type. A malformed identity must be refused.
func TestIdentitiesOfOtherKinds(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	for i, kind := range []string{"guest", "phone", "encrypted", "onPremises", "applicationInstance", "device"} {
		m := s.Create(token, fmt.Sprintf(`{"externalId":"%d"}`, i))
		path := "/v1.0/me/onlineMeetings/" + m["id"].(string)
		s.Graph("PATCH", path, token, `{"participants":{"attendees":[{"upn":null,"identity":{"@odata.type":"#x","user":null,"`+kind+`":{"id":"i-1","displayName":"Ana","extra":7}}}]}}`)
		_, m = s.Graph("GET", path, token, "")
		identity := emutest.At(m, "participants", "attendees", 0, "identity")
		if emutest.At(identity, kind, "id") != "i-1" || emutest.At(identity, kind, "displayName") != "Ana" || emutest.At(identity, kind, "extra") != 7. || emutest.At(identity, "@odata.type") != "#x" {
			t.Errorf("%s came back as %v", kind, identity)
		}
	}
	for _, bad := range []string{`{"guest":"Ana"}`, `{"phone":{"id":5}}`, `{"user":{"displayName":[]}}`, `[]`} {
		m := s.Create(token, `{"externalId":"bad"}`)
		r, _ := s.Graph("PATCH", "/v1.0/me/onlineMeetings/"+m["id"].(string), token, `{"participants":{"attendees":[{"identity":`+bad+`}]}}`)
		if r.StatusCode != 400 {
			t.Errorf("identity %s: status %d, want 400", bad, r.StatusCode)
		}
	}
}
