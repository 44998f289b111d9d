package msgraph_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"meetdesk/emulator"
	"meetdesk/emulator/emutest"
	"meetdesk/emulator/msgraph"
)

func TestShortLinks(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	long := s.Create(token, `{"externalId":"long"}`)
	s.Emulator.SetSwitches(emulator.Switches{ShortLinks: true})
	if same := s.Create(token, `{"externalId":"long"}`); same["joinWebUrl"] != long["joinWebUrl"] {
		t.Error("the switch changed the link of an existing meeting")
	}
	seen := map[any]bool{}
	for _, externalID := range []string{"a", "b", "c"} {
		m := s.Create(token, `{"externalId":"`+externalID+`"}`)
		link, number := m["joinWebUrl"].(string), emutest.At(m, "joinMeetingIdSettings", "joinMeetingId").(string)
		if !regexp.MustCompile(`^https://teams\.microsoft\.com/meet/`+number+`\?p=[A-Za-z0-9]{18}$`).MatchString(link) || seen[link] {
			t.Errorf("link %s of the meeting %s", link, number)
		}
		seen[link] = true
		if !strings.Contains(emutest.At(m, "joinInformation", "content").(string), msgraph.LowerEscape("/meet/"+number)) {
			t.Errorf("joinInformation has another link: %v", emutest.At(m, "joinInformation", "content"))
		}
		r, found := s.Graph("GET", "/v1.0/me/onlineMeetings?$filter="+url.QueryEscape("JoinWebUrl eq '"+link+"'"), token, "")
		if r.StatusCode != 200 || emutest.At(found, "value", 0, "id") != m["id"] {
			t.Errorf("%s is not found: status %d", link, r.StatusCode)
		}
		r, _ = s.Graph("GET", "/v1.0/me/onlineMeetings?$filter="+url.QueryEscape("JoinWebUrl eq '"+strings.ToLower(link)+"'"), token, "")
		if r.StatusCode != 404 {
			t.Errorf("the link in another case: status %d", r.StatusCode)
		}
	}
}

func TestFilterSpellings(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	m := s.Create(token, `{"externalId":"1"}`)
	link, number := m["joinWebUrl"].(string), emutest.At(m, "joinMeetingIdSettings", "joinMeetingId").(string)
	for filter, status := range map[string]int{
		"joinweburl EQ '" + link + "'":                              200,
		"  JoinWebUrl   eq   '" + link + "'  ":                      200,
		"(JoinWebUrl eq '" + link + "')":                            200,
		"( (JOINWEBURL eq '" + link + "') )":                        200,
		"JoinMeetingIdSettings/JoinMeetingID eq '" + number + "'":   200,
		"(joinmeetingidsettings/joinmeetingid Eq '" + number + "')": 200,
		"JoinWebUrl eq '" + strings.ToUpper(link) + "'":             404,
		"JoinWebUrl eq " + link:                                     400,
		"JoinWebUrl ne '" + link + "'":                              400,
		"(JoinWebUrl eq '" + link + "'":                             400,
	} {
		for _, option := range []string{"$filter=", "%24filter=", "$Filter=", "filter="} {
			if r, m := s.Graph("GET", "/v1.0/me/onlineMeetings/?"+option+url.QueryEscape(filter), token, ""); r.StatusCode != status {
				t.Errorf("%s%s: status %d, want %d: %v", option, filter, r.StatusCode, status, m)
			}
		}
	}
}

// TestAccept checks that requests succeed with any Accept header. odata.metadata=none
// removes @odata.context, but not the next link.
func TestAccept(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example", "User.ReadBasic.All", "User.Read", "OnlineMeetings.ReadWrite").AccessToken
	for accept, context := range map[string]bool{
		"": true, "*/*": true, "application/json": true, "text/html": true, "application/json;odata.metadata=minimal;IEEE754Compatible=true": true,
		"application/json;odata.metadata=none": false, "Application/JSON; OData.Metadata=None": false, "text/plain, application/json;odata.metadata=none": false,
	} {
		for _, path := range []string{"/v1.0/me", "/v1.0/users?$top=1"} {
			r, m := s.Graph("GET", path, token, "", "Accept", accept)
			if _, has := m["@odata.context"]; r.StatusCode != 200 || has != context {
				t.Errorf("%s, Accept %q: status %d, context %v, want %v", path, accept, r.StatusCode, has, context)
			}
			if strings.Contains(path, "top") && m["@odata.nextLink"] == nil {
				t.Errorf("Accept %q: no link to the next page", accept)
			}
			if strings.Contains(r.Header.Get("Content-Type"), "odata.metadata=none") == context {
				t.Errorf("Accept %q: Content-Type %q", accept, r.Header.Get("Content-Type"))
			}
		}
		if r, m := s.Graph("POST", emutest.CreateOrGet, token, `{"externalId":"1"}`, "Accept", accept); r.StatusCode/100 != 2 || m["externalId"] != "1" {
			t.Errorf("Accept %q: status %d: %v", accept, r.StatusCode, m)
		}
	}
}
