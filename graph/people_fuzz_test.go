package graph

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"meetdesk/meeting"
)

// FuzzPeople checks that Person returns either a person with an ID or an error, and that
// SearchPeople never returns both people and an error. Texts must be short and free of
// control characters, and echoed tokens must be removed.
func FuzzPeople(f *testing.F) {
	const token = "eyJ0eXAi.secret-token"
	for _, body := range []string{
		`{"id":"o1","displayName":"Ana\u202e Silva","mail":"ana@b.example","userPrincipalName":"ana@b.example"}`, `{"id":""}`, `{"ID":"o1"}`, `{"id":7}`, "null", "[]", "", "<html>TOKEN",
		`{"value":[{"id":"o1","displayName":"a\nb"},{},null,{"id":"o2","mail":null}]}`, `{"value":null}`, `{"value":{}}`, `{"value":[[]]}`,
		`{"error":{"code":"TOKEN","message":"for TOKEN","innerError":{"request-id":"TOKEN"}}}`, `{"value":[` + strings.Repeat(`{"id":"o"},`, 20) + `{"id":"o"}]}`,
	} {
		for _, status := range []int{200, 400, 403, 404, 429} {
			f.Add(status, body)
		}
	}
	f.Fuzz(func(t *testing.T, status int, body string) {
		status = 200 + max(status, 0)%300 // 200 to 499
		body = strings.ReplaceAll(body, "TOKEN", token)
		client := &Client{BaseURL: "https://graph.example/v1.0", HTTP: &http.Client{Transport: fuzzed{status, http.Header{}, body}}, MaxTries: 1, Pause: time.Nanosecond}
		one, oneErr := client.Person(t.Context(), token, "ana@b.example")
		list, listErr := client.SearchPeople(t.Context(), token, "ana")
		if all := fmt.Sprintf("%+v %v %v", list, oneErr, listErr); strings.Contains(all, token) {
			t.Errorf("the token is in %s", all)
		}
		if (oneErr == nil) != (one.ObjectID != "") || len(list) > maxPeopleFound || listErr != nil && len(list) > 0 || status > 299 && (oneErr == nil || listErr == nil) {
			t.Errorf("status %d, %q: %+v, %v; %+v, %v", status, body, one, oneErr, list, listErr)
		}
		for _, p := range append(list, one) {
			for _, text := range []string{p.ObjectID, p.UPN, p.Name, p.Mail} {
				if utf8.RuneCountInString(text) > 1000 || !utf8.ValidString(text) || strings.ContainsFunc(text, meeting.IsControl) {
					t.Errorf("%+q is kept", text)
				}
			}
		}
	})
}
