package msgraph_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"meetdesk/emulator/emutest"
)

func TestAVisitRestoresARemovedMeeting(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	removed := s.Create(token, `{"externalId":"1","subject":"first"}`)
	id := removed["id"].(string)
	path := "/v1.0/me/onlineMeetings/" + id
	if s.Emulator.VisitRemoved(id) || s.Emulator.VisitRemoved("x") {
		t.Error("a visit changed a meeting that was not removed")
	}
	s.Graph("DELETE", path, token, "")
	if r, _ := s.Graph("GET", path, token, ""); r.StatusCode != 404 || !s.Emulator.VisitRemoved(id) {
		t.Fatalf("status %d before the visit", r.StatusCode)
	}
	if r, m := s.Graph("GET", path, token, ""); r.StatusCode != 200 || m["joinWebUrl"] != removed["joinWebUrl"] {
		t.Errorf("status %d after the visit: %v", r.StatusCode, m)
	}
	if m := s.Create(token, `{"externalId":"1"}`); m["id"] != id {
		t.Errorf("createOrGet returned %v", m["id"])
	}
	s.Graph("DELETE", path, token, "")
	newer := s.Create(token, `{"externalId":"1"}`)
	s.Emulator.VisitRemoved(id)
	if m := s.Create(token, `{"externalId":"1"}`); newer["id"] == id || m["id"] != newer["id"] {
		t.Errorf("a visit to the older meeting took the external ID from the newer one")
	}
}

func TestGetReturnsAtMost750Attendees(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	bodyWith := func(n int) string {
		var list []string
		for i := range n {
			list = append(list, fmt.Sprintf(`{"upn":"guest%d@contoso.example"}`, i))
		}
		return `{"externalId":"` + fmt.Sprint(n) + `","participants":{"attendees":[` + strings.Join(list, ",") + `]}}`
	}
	count := func(m any) int { return len(emutest.At(m, "participants", "attendees").([]any)) }
	for n, want := range map[int]int{750: 750, 750 + 50: 750} {
		created := s.Create(token, bodyWith(n))
		path := "/v1.0/me/onlineMeetings"
		if count(created) != n {
			t.Errorf("createOrGet returned %d of %d", count(created), n)
		}
		_, m := s.Graph("GET", path+"/"+created["id"].(string), token, "")
		if count(m) != want {
			t.Errorf("GET returned %d of %d, want %d", count(m), n, want)
		}
		_, m = s.Graph("GET", path+"?$filter="+url.QueryEscape("JoinWebUrl eq '"+created["joinWebUrl"].(string)+"'"), token, "")
		if got := count(emutest.At(m, "value", 0)); got != want {
			t.Errorf("the search by link returned %d of %d, want %d", got, n, want)
		}
		if r, m := s.Graph("PATCH", path+"/"+created["id"].(string), token, `{"subject":"x"}`); r.StatusCode != http.StatusOK || count(m) != n {
			t.Errorf("PATCH returned %d of %d", count(m), n)
		}
	}
}
