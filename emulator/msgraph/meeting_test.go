package msgraph_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"meetdesk/emulator"
	"meetdesk/emulator/emutest"
	"meetdesk/emulator/msgraph"
	"meetdesk/emulator/tenant"
)

func TestNewMeeting(t *testing.T) {
	s := emutest.New(t, nil)
	m := s.Create(s.SignIn("priya@contoso.example").AccessToken, `{"externalId":"1"}`)
	priya := emutest.Person("priya@contoso.example")
	id, err := base64.StdEncoding.DecodeString(m["id"].(string))
	if err != nil || !strings.HasPrefix(string(id), "1*"+priya.ObjectID+"*0**19:meeting_") || !strings.HasSuffix(string(id), "@thread.v2") {
		t.Errorf("id %q: %v", id, err)
	}
	link, err := url.Parse(m["joinWebUrl"].(string))
	if err != nil || !strings.HasPrefix(m["joinWebUrl"].(string), "https://teams.microsoft.com/l/meetup-join/19%3ameeting_") ||
		link.Query().Get("context") != `{"Tid":"`+emulator.DefaultTenant+`","Oid":"`+priya.ObjectID+`"}` {
		t.Errorf("joinWebUrl %v", m["joinWebUrl"])
	}
	page, err := url.PathUnescape(emutest.At(m, "joinInformation", "content").(string))
	if err != nil || !strings.HasPrefix(page, "data:text/html,<div") || !strings.Contains(page, m["joinWebUrl"].(string)) {
		t.Errorf("joinInformation %q: %v", page, err)
	}
	if numeric, _ := emutest.At(m, "joinMeetingIdSettings", "joinMeetingId").(string); len(numeric) != 13 || strings.Trim(numeric, "0123456789") != "" {
		t.Errorf("joinMeetingId %q", numeric)
	}
	if emutest.At(m, "participants", "organizer", "identity", "user", "identityProvider") != "AAD" || m["subject"] != nil {
		t.Errorf("organizer %v, subject %v", emutest.At(m, "participants", "organizer"), m["subject"])
	}
	end, _ := time.Parse(time.RFC3339Nano, m["endDateTime"].(string))
	if m["expiryDateTime"] != msgraph.FormatTime(end.AddDate(0, 0, 60)) {
		t.Errorf("ends %v, expires %v", m["endDateTime"], m["expiryDateTime"])
	}
	if m["@odata.context"] != s.URL+"/v1.0/$metadata#users('"+priya.ObjectID+"')/onlineMeetings/$entity" {
		t.Errorf("context %v", m["@odata.context"])
	}
}

func TestEnumMembersNeedPrefer(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	people := `"participants":{"attendees":[{"upn":"dana@contoso.example","role":"coorganizer"},{"upn":"sam@contoso.example","role":"presenter"}]}`
	body := `{"externalId":"1",` + people + `}`
	for _, tt := range []struct{ prefer, role, scope string }{
		{"", msgraph.UnknownValue, msgraph.UnknownValue},
		{"include-unknown-enum-member", msgraph.UnknownValue, msgraph.UnknownValue},
		{"odata.maxpagesize=5,include-unknown-enum-members;x=1", "coorganizer", "invited"},
		{"return=minimal, Include-Unknown-Enum-Members", "coorganizer", "invited"},
	} {
		m := s.Create(token, body)
		s.Graph("PATCH", "/v1.0/me/onlineMeetings/"+m["id"].(string), token, `{"lobbyBypassSettings":{"scope":"invited"},"allowedPresenters":"roleIsPresenter",`+people+`}`)
		_, m = s.Graph("POST", emutest.CreateOrGet, token, body, "Prefer", tt.prefer)
		if got := emutest.At(m, "participants", "attendees", 0, "role"); got != tt.role {
			t.Errorf("Prefer %q: role %v, want %s", tt.prefer, got, tt.role)
		}
		if got := emutest.At(m, "lobbyBypassSettings", "scope"); got != tt.scope {
			t.Errorf("Prefer %q: scope %v, want %s", tt.prefer, got, tt.scope)
		}
		if emutest.At(m, "participants", "attendees", 1, "role") != "presenter" || emutest.At(m, "lobbyBypassSettings", "isDialInBypassEnabled") != false {
			t.Errorf("another property changed: %v", m)
		}
	}
}

func TestUpdate(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	created := s.Create(token, `{"externalId":"1","subject":"old","startDateTime":"2026-11-23T10:00:00Z","participants":{"attendees":[{"upn":"dana@contoso.example"}]}}`)
	path := "/v1.0/me/onlineMeetings/" + created["id"].(string)
	for _, tt := range []struct {
		name, body string
		status     int
		path       []any // the property to check after the request
		want       any
	}{
		{"subject", `{"subject":"new"}`, 200, []any{"subject"}, "new"},
		{"null subject", `{"subject":null}`, 200, []any{"subject"}, nil},
		{"both times", `{"startDateTime":"2026-11-24T10:00:00Z","endDateTime":"2026-11-24T12:00:00+01:00"}`, 200, []any{"endDateTime"}, "2026-11-24T11:00:00.0000000Z"},
		{"start only", `{"startDateTime":"2026-11-25T10:00:00Z"}`, 400, []any{"startDateTime"}, "2026-11-24T10:00:00.0000000Z"},
		{"end only", `{"endDateTime":"2026-11-25T10:00:00Z"}`, 400, []any{"endDateTime"}, "2026-11-24T11:00:00.0000000Z"},
		{"end before start", `{"subject":"lost","startDateTime":"2026-11-25T10:00:00Z","endDateTime":"2026-11-25T09:00:00Z"}`, 400, []any{"subject"}, nil},
		{"another attendee", `{"participants":{"attendees":[{"upn":"sam@contoso.example"},{"upn":"test1@contoso.com"}]}}`, 200, []any{"participants", "attendees", 0, "upn"}, "sam@contoso.example"},
		{"participants without attendees", `{"participants":{}}`, 200, []any{"participants", "attendees", 1, "upn"}, "test1@contoso.com"},
		{"no attendees", `{"participants":{"attendees":[]}}`, 200, []any{"participants", "attendees", 0}, nil},
		{"organizer", `{"participants":{"organizer":{"upn":"dana@contoso.example"}}}`, 200, []any{"participants", "organizer", "upn"}, "priya@contoso.example"},
		{"external ID", `{"externalId":"2"}`, 200, []any{"externalId"}, "1"},
		{"numeric ID", `{"joinMeetingIdSettings":{"joinMeetingId":"1"}}`, 200, []any{"joinMeetingIdSettings", "isPasscodeRequired"}, true},
		{"presenters", `{"allowedPresenters":"organizer"}`, 200, []any{"allowedPresenters"}, "organizer"},
		{"unknown presenters", `{"allowedPresenters":"nobody"}`, 400, []any{"allowedPresenters"}, "organizer"},
		{"wrong type", `{"recordAutomatically":"yes"}`, 400, []any{"recordAutomatically"}, false},
		{"not JSON", `subject`, 400, []any{"subject"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, m := s.Graph("PATCH", path, token, tt.body)
			if r.StatusCode != tt.status {
				t.Fatalf("status %d, want %d: %v", r.StatusCode, tt.status, m)
			}
			_, now := s.Graph("GET", path, token, "")
			if got := emutest.At(now, tt.path...); got != tt.want {
				t.Errorf("%v is %v, want %v", tt.path, got, tt.want)
			}
		})
	}
	_, m := s.Graph("GET", path, token, "")
	if m["expiryDateTime"] != msgraph.FormatTime(msgraph.Expiry(tenant.Document(m).Time("endDateTime"), s.Clock.Now())) {
		t.Errorf("the expiry did not move with the end: %v", m["expiryDateTime"])
	}
}

func TestMeetingPermissions(t *testing.T) {
	s := emutest.New(t, func(o *emulator.Options) { o.People = emulator.Cast(); o.People[4].NoLicense = true })
	owner := s.SignIn("priya@contoso.example").AccessToken
	id, _ := s.Create(owner, `{"externalId":"1","participants":{"attendees":[{"upn":"DANA@contoso.example"},{"identity":{"user":{"id":"`+emutest.Person("tomas@contoso.example").ObjectID+`"}}}]}}`)["id"].(string)
	unknown := base64.StdEncoding.EncodeToString([]byte("1*x*0**19:meeting_x@thread.v2"))
	for _, tt := range []struct {
		upn, method, id string
		status          int
		code            string
	}{
		{"priya@contoso.example", "GET", id, 200, ""},
		{"dana@contoso.example", "GET", id, 200, ""},
		{"tomas@contoso.example", "GET", id, 200, ""},
		{"alex@contoso.example", "GET", id, 403, "Forbidden"},
		{"sam@contoso.example", "GET", id, 403, "Forbidden"},
		{"priya@contoso.example", "GET", unknown, 404, "UnknownError"},
		{"priya@contoso.example", "GET", "x", 400, "BadRequest"},
		{"dana@contoso.example", "PATCH", id, 403, "Forbidden"},
		{"dana@contoso.example", "DELETE", id, 403, "Forbidden"},
		{"priya@contoso.example", "PATCH", unknown, 404, "UnknownError"},
		{"priya@contoso.example", "DELETE", id, 204, ""},
		{"priya@contoso.example", "GET", id, 404, "UnknownError"},
		{"priya@contoso.example", "DELETE", id, 404, "UnknownError"},
	} {
		t.Run(tt.method+" as "+tt.upn, func(t *testing.T) {
			body := ""
			if tt.method == "PATCH" {
				body = `{"subject":"x"}`
			}
			r, m := s.Graph(tt.method, "/v1.0/me/onlineMeetings/"+tt.id, s.SignIn(tt.upn).AccessToken, body)
			if code, _ := emutest.At(m, "error", "code").(string); r.StatusCode != tt.status || code != tt.code {
				t.Errorf("status %d %s, want %d %s: %v", r.StatusCode, code, tt.status, tt.code, m)
			}
		})
	}
	r, m := s.Graph("POST", emutest.CreateOrGet, s.SignIn("sam@contoso.example").AccessToken, `{"externalId":"1"}`)
	if r.StatusCode != http.StatusForbidden || emutest.At(m, "error", "code") != "Forbidden" || emutest.At(m, "error", "message") != "" {
		t.Errorf("without a licence: status %d: %v", r.StatusCode, m)
	}
}

func TestFindByLinkOrNumericID(t *testing.T) {
	s := emutest.New(t, nil)
	owner, other := s.SignIn("priya@contoso.example").AccessToken, s.SignIn("dana@contoso.example").AccessToken
	m := s.Create(owner, `{"externalId":"1","participants":{"attendees":[{"upn":"dana@contoso.example"}]}}`)
	link, number := m["joinWebUrl"].(string), emutest.At(m, "joinMeetingIdSettings", "joinMeetingId").(string)
	for _, tt := range []struct {
		token, filter string
		status        int
	}{
		{owner, "JoinWebUrl eq '" + link + "'", 200},
		{owner, "joinWebUrl eq '" + link + "'", 200},
		{owner, "joinMeetingIdSettings/joinMeetingId eq '" + number + "'", 200},
		{other, "JoinWebUrl eq '" + link + "'", 403},
		{owner, "JoinWebUrl eq 'https://teams.microsoft.com/x'", 404},
		{owner, "externalId eq '1'", 400},
		{owner, "", 400},
	} {
		r, got := s.Graph("GET", "/v1.0/me/onlineMeetings?$filter="+url.QueryEscape(tt.filter), tt.token, "")
		if r.StatusCode != tt.status || (tt.status == 200) != (emutest.At(got, "value", 0, "id") == m["id"]) {
			t.Errorf("%s: status %d, want %d: %v", tt.filter, r.StatusCode, tt.status, got)
		}
	}
}

func TestChangesWithoutARequest(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	id := s.Create(token, `{"externalId":"1","subject":"old"}`)["id"].(string)
	if !s.Emulator.ChangeMeeting(id, func(m map[string]any) { m["subject"] = "changed in Teams" }) {
		t.Fatal("no such meeting")
	}
	if m := s.Create(token, `{"externalId":"1"}`); m["subject"] != "changed in Teams" {
		t.Errorf("subject %v", m["subject"])
	}
	if !s.Emulator.RemoveMeeting(id) || s.Emulator.RemoveMeeting(id) || s.Emulator.ChangeMeeting(id, func(map[string]any) {}) {
		t.Error("a removed meeting can be removed or changed again")
	}
	if s.Emulator.MeetingCount() != 0 {
		t.Error("the removed meeting is counted")
	}
}
