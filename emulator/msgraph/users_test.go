package msgraph_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"meetdesk/emulator"
	"meetdesk/emulator/emutest"
	"meetdesk/emulator/msgraph"
)

// withMorePeople adds a user with an accent and an apostrophe in the name, a guest, and a
// personal account.
func withMorePeople(o *emulator.Options) {
	o.People = append(emulator.Cast(),
		emulator.Person{ObjectID: "u6", UPN: "zoe@contoso.example", Mail: "zoé.o'neil@contoso.example", Name: "Zoé O'Neil"},
		emulator.Person{ObjectID: "u7", UPN: "guest_fabrikam.com#EXT#@contoso.example", Mail: "guest@fabrikam.com", Name: "Gina Guest", Guest: true},
		emulator.Person{ObjectID: "u8", UPN: "home@outlook.example", Name: "Priya Private", Tenant: emulator.PersonalTenant},
	)
}

func TestReadUser(t *testing.T) {
	s := emutest.New(t, withMorePeople)
	token := s.SignIn("priya@contoso.example", "openid", "User.ReadBasic.All").AccessToken
	for _, tt := range []struct {
		path   string
		status int
		name   string
	}{
		{"/" + emutest.Person("tomas@contoso.example").ObjectID, 200, "Tomás Oliveira"},
		{"/TOMAS@contoso.example", 200, "Tomás Oliveira"},
		{"/tomas%40contoso.example?$select=id,displayName", 200, "Tomás Oliveira"},
		{"/guest_fabrikam.com%23EXT%23@contoso.example", 200, "Gina Guest"},
		{"/u8", 404, ""},
		{"/nobody@contoso.example", 404, ""},
	} {
		r, m := s.Graph("GET", "/v1.0/users"+tt.path, token, "")
		name, _ := m["displayName"].(string)
		if r.StatusCode != tt.status || name != tt.name {
			t.Errorf("%s: status %d, %q, want %d, %q: %v", tt.path, r.StatusCode, name, tt.status, tt.name, m)
		}
		if tt.status == 404 && emutest.At(m, "error", "code") != "Request_ResourceNotFound" {
			t.Errorf("%s: %v", tt.path, m)
		}
		if strings.Contains(tt.path, "$select") && len(m) != 3 {
			t.Errorf("$select returned %v", m)
		}
	}
}

func TestListUsers(t *testing.T) {
	s := emutest.New(t, withMorePeople)
	token := s.SignIn("priya@contoso.example", "openid", "User.Read.All").AccessToken
	const all = "Priya Nair, Tomás Oliveira, Dana Whitfield, Alex Admin, Sam Norole, Zoé O'Neil, Gina Guest"
	for _, tt := range []struct {
		name, query string
		want        string // the expected displayNames, or the expected error code
	}{
		{"all", ``, all},
		{"two clauses with OR", `$search="displayName:dana" OR "mail:tom"`, "Tomás Oliveira, Dana Whitfield"},
		{"two clauses with AND", `$search="displayName:tomas" AND "mail:tomas"`, "Tomás Oliveira"},
		{"AND binds more tightly", `$search="displayName:dana" OR "displayName:tomas" AND "mail:dana"`, "Dana Whitfield"},
		{"accents and case", `$search="displayName:TOMÁS"`, "Tomás Oliveira"},
		{"a later word", `$search="displayName:oliv"`, "Tomás Oliveira"},
		{"two words", `$search="displayName:tom ol"`, "Tomás Oliveira"},
		{"not inside a word", `$search="displayName:liveira"`, ""},
		{"whole address", `$search="userPrincipalName:dana@contoso.example"`, "Dana Whitfield"},
		{"mail other than the UPN", `$search="mail:zoe.oneil" OR "mail:zoe.o'neil"`, "Zoé O'Neil"},
		{"guest", `$search="userPrincipalName:guest_fabrikam"`, "Gina Guest"},
		{"startswith", `$filter=startswith(displayName,'dana') or startsWith(mail, 'TOM')`, "Tomás Oliveira, Dana Whitfield"},
		{"doubled quote", `$filter=displayName eq 'Zoé O''Neil'`, "Zoé O'Neil"},
		{"eq and and", `$filter=mail eq 'dana@contoso.example' and startswith(surname,'W')`, "Dana Whitfield"},
		{"top", `$top=2&$select=displayName`, "Priya Nair, Tomás Oliveira"},
		{"without the $", `top=1`, "Priya Nair"},
		{"top 0", `$top=0`, "BadRequest"},
		{"top 1000", `$top=1000`, "BadRequest"},
		{"not a clause", `$search=dana`, "Request_UnsupportedQuery"},
		{"unknown property", `$search="nick:dana"`, "Request_UnsupportedQuery"},
		{"no word", `$search="displayName:."`, "Request_UnsupportedQuery"},
		{"a missing clause", `$search="displayName:dana" OR`, "Request_UnsupportedQuery"},
		{"unknown function", `$filter=endswith(mail,'x')`, "Request_UnsupportedQuery"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, m := s.Graph("GET", "/v1.0/users?"+encoded(tt.query), token, "", "consistencylevel", "Eventual")
			if r.StatusCode != http.StatusOK {
				if emutest.At(m, "error", "code") != tt.want {
					t.Errorf("status %d: %v, want %s", r.StatusCode, m, tt.want)
				}
				return
			}
			var names []string
			for i := 0; emutest.At(m, "value", i) != nil; i++ {
				names = append(names, emutest.At(m, "value", i, "displayName").(string))
			}
			if got := strings.Join(names, ", "); got != tt.want || emutest.At(m, "value") == nil {
				t.Errorf("found %s, want %s", got, tt.want)
			}
		})
	}
}

func encoded(query string) string {
	var parts []string
	for part := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(part, "=")
		parts = append(parts, url.QueryEscape(name)+"="+url.QueryEscape(value))
	}
	return strings.Join(parts, "&")
}

func TestAdvancedQueriesNeedTheHeader(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example", "openid", "User.ReadBasic.All").AccessToken
	for _, query := range []string{`$search="displayName:dana"`, `$count=true`} {
		r, m := s.Graph("GET", "/v1.0/users?"+encoded(query), token, "")
		if r.StatusCode != 400 || emutest.At(m, "error", "code") != "Request_UnsupportedQuery" {
			t.Errorf("%s: status %d: %v", query, r.StatusCode, m)
		}
	}
	if _, m := s.Graph("GET", "/v1.0/users?$count=true&$top=1", token, "", "ConsistencyLevel", "eventual"); m["@odata.count"] != 5.0 {
		t.Errorf("count %v", m)
	}
}

func TestPagesOfUsers(t *testing.T) {
	s := emutest.New(t, func(o *emulator.Options) {
		o.People = emulator.Cast()
		for i := range msgraph.DefaultPageSize {
			o.People = append(o.People, emulator.Person{ObjectID: fmt.Sprint("p", i), UPN: fmt.Sprintf("p%d@contoso.example", i), Name: "Somebody"})
		}
	})
	token := s.SignIn("priya@contoso.example", "openid", "User.ReadBasic.All").AccessToken
	_, m := s.Graph("GET", "/v1.0/users?$select=id", token, "")
	next, _ := m["@odata.nextLink"].(string)
	if len(m["value"].([]any)) != msgraph.DefaultPageSize || next == "" {
		t.Fatalf("%d users, next page %q", len(m["value"].([]any)), next)
	}
	_, m = s.Graph("GET", strings.TrimPrefix(next, s.URL), token, "")
	if len(m["value"].([]any)) != len(emulator.Cast()) || m["@odata.nextLink"] != nil || emutest.At(m, "value", 0, "displayName") != nil {
		t.Errorf("the second page is %v", m)
	}
}

func TestUsersNeedAPermission(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	for _, path := range []string{"/v1.0/users", "/v1.0/users/dana@contoso.example"} {
		r, m := s.Graph("GET", path, token, "")
		if r.StatusCode != 403 || emutest.At(m, "error", "code") != "Authorization_RequestDenied" {
			t.Errorf("%s: status %d: %v", path, r.StatusCode, m)
		}
	}
}

func TestMailOtherThanTheUPN(t *testing.T) {
	s := emutest.New(t, withMorePeople)
	owner := s.SignIn("priya@contoso.example").AccessToken
	id := s.Create(owner, `{"externalId":"1","participants":{"attendees":[{"upn":"guest@fabrikam.com"}]}}`)["id"].(string)
	token := s.SignIn("guest_fabrikam.com#EXT#@contoso.example")
	if claims := emutest.Claims(t, token.Extra("id_token").(string)); claims["email"] != "guest@fabrikam.com" {
		t.Errorf("email %v", claims["email"])
	}
	if r, m := s.Graph("GET", "/v1.0/me/onlineMeetings/"+id, token.AccessToken, ""); r.StatusCode != 200 {
		t.Errorf("the invited guest: status %d: %v", r.StatusCode, m)
	}
}
