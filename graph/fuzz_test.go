package graph

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"meetdesk/meeting"
)

type fuzzed struct {
	status int
	header http.Header
	body   string
}

func (f fuzzed) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: f.status, Header: f.header.Clone(), Body: io.NopCloser(strings.NewReader(f.body)), Request: r,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}, nil
}

// FuzzResponse asserts that every response yields either a meeting or an error. Strings
// must be short and on one line, waits must be limited, and echoed tokens must be
// removed.
func FuzzResponse(f *testing.F) {
	const token = "eyJ0eXAi.secret-token"
	for _, body := range []string{
		`{"id":"M1","subject":"a TOKEN","joinWebUrl":"https://teams.example/1"}`, `{"value":[]}`, `{"value":[{"id":"M1"}]}`, "",
		`{"error":{"code":"Forbidden","message":"for TOKEN","innerError":{"code":"x","date":"TOKEN","request-id":"TOKEN"}}}`,
		`{"error":"no"}`, "<html>TOKEN</html>", `{"error":{"code":7}}`, "null", `{"id":"\u202e\n"}`,
	} {
		for _, status := range []int{200, 201, 204, 302, 401, 403, 404, 429, 503} {
			f.Add(status, body, "7eb8263f", "Sat, 28 Nov 2026 12:00:00 GMT", "1", `Bearer error="insufficient_claims", claims="eyJhIjp7fX0="`, "application/json", "https://portal.example/TOKEN?x=1")
		}
	}
	f.Fuzz(func(t *testing.T, status int, body, requestID, date, retryAfter, challenge, contentType, location string) {
		status = 100 + max(status, 0)%500
		echo := func(text string) string { return strings.ReplaceAll(text, "TOKEN", token) }
		header := http.Header{}
		for name, value := range map[string]string{
			"Request-Id": requestID, "Date": date, "Retry-After": retryAfter, "Www-Authenticate": challenge, "Content-Type": contentType, "Location": location, "X-Ms-Throttle-Scope": requestID,
		} {
			if value != "" {
				header.Set(name, echo(value))
			}
		}
		var waits []Wait
		client := &Client{
			BaseURL: "https://graph.example/v1.0", HTTP: &http.Client{Transport: fuzzed{status, header, echo(body)}}, MaxTries: 1,
			OnWait: func(w Wait) { waits = append(waits, w) },
		}
		result, err := client.Meeting(t.Context(), For("oid", token), "M1")
		if all := fmt.Sprintf("%+v %+v %v %s", result, err, waits, result.Reply.Raw); strings.Contains(all, token) {
			t.Errorf("the token is in %s", all)
		}
		if (err == nil) != (result.Reply.GraphID != "") || err == nil && (status < 200 || status > 299) || len(result.Calls) != 1 {
			t.Errorf("status %d, %q: %v and %+v", status, body, err, result)
		}
		for _, wait := range waits {
			if wait.For <= 0 || wait.For > 24*time.Hour {
				t.Errorf("a wait of %v", wait.For)
			}
		}
		for _, call := range result.Calls {
			for _, text := range []string{call.Code, call.Message, call.Date, call.RequestID} {
				if utf8.RuneCountInString(text) > 1000 || !utf8.ValidString(text) || strings.ContainsFunc(text, meeting.IsControl) {
					t.Errorf("%+q is kept", text)
				}
			}
			if call.Claims != "" {
				t.Errorf("the program gets the challenge %q", call.Claims)
			}
		}
	})
}

// FuzzReply asserts that a meeting's strings are short and its links are HTTP URLs. Parsing
// the stored reply must give the same meeting.
func FuzzReply(f *testing.F) {
	for _, body := range []string{
		`{"id":"M1","externalId":"INC1","subject":"a\u202eb","startDateTime":"2026-12-01T09:00:00.0000000Z","endDateTime":"2026-12-01T10:00:00-03:00","joinWebUrl":"https://teams.example/1"}`,
		`{"id":"M1","joinWebUrl":"javascript:alert(1)","audioConferencing":{"tollNumbers":["1","1","2"],"dialinUrl":"http:/x"},"isEntryExitAnnounced":"true","recordAutomatically":true}`,
		`{"id":"M1","participants":{"organizer":{"identity":{"user":{"id":"o"}}},"attendees":[null,{},{"upn":"a@b.example","role":"presenter"},{"identity":{"guest":{"displayName":"Guest"}}}]}}`,
		`{"id":"M1","lobbyBypassSettings":null,"joinMeetingIdSettings":{"joinMeetingId":"123 456","passcode":null},"chatInfo":{"threadId":7}}`, `{"ID":"M1"}`, `{"value":[{"id":"M1"}]}`, `[]`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		_, _ = parseCollection(body)
		reply, err := ParseReply(body)
		if err != nil {
			return
		}
		again, err := ParseReply(reply.Raw)
		if err != nil || !reflect.DeepEqual(again, reply) || !json.Valid(reply.Raw) {
			t.Errorf("%q is read as\n%+v and then as\n%+v, %v", body, reply, again, err)
		}
		texts := []string{reply.Subject, reply.JoinMeetingID, reply.Passcode, reply.ConferenceID, reply.TollNumber, reply.ThreadID, reply.VideoID, reply.Options.Lobby, reply.Options.Presenters}
		for _, a := range reply.Attendees {
			texts = append(texts, a.UPN, a.Name, a.ObjectID, string(a.Role), string(a.Identity))
		}
		for _, text := range texts {
			if utf8.RuneCountInString(text) > maxText || strings.ContainsFunc(text, meeting.IsControl) || !utf8.ValidString(text) {
				t.Errorf("%q has the text %+q", body, text)
			}
		}
		for _, link := range []string{reply.JoinURL, reply.DialInURL, reply.OptionsURL} {
			if link != "" && !strings.HasPrefix(strings.ToLower(link), "http") {
				t.Errorf("%q has the link %q", body, link)
			}
		}
		for _, at := range []time.Time{reply.Start, reply.End, reply.GraphCreated, reply.Expires} {
			if !at.IsZero() && (at.Location() != time.UTC || at.Year() < 1) {
				t.Errorf("%q has the time %v", body, at)
			}
		}
		if len(reply.MoreTolls) > maxPhones || reply.GraphID == "" {
			t.Errorf("%q has %d numbers and the ID %q", body, len(reply.MoreTolls), reply.GraphID)
		}
	})
}

// FuzzParticipants asserts that the list sent back to Graph contains every attendee
// without a UPN. The form cannot show such attendees.
func FuzzParticipants(f *testing.F) {
	f.Add([]byte(`[{"upn":"a@b.example","role":"unknownFutureValue","x":1},{"identity":{"phone":{"id":"+1"}}},null,7]`), "a@b.example", "presenter")
	f.Add([]byte(`[{"upn":"A@B.example","role":null},{"identity":{"user":{"id":"o"}}}]`), "a@b.example", "")
	f.Add([]byte(`[{"upn":"a@b.example","role":"attendee"}]`), "a@b.example", "unknownFutureValue")
	f.Fuzz(func(t *testing.T, list []byte, upn, role string) {
		var current []json.RawMessage
		if json.Unmarshal(list, &current) != nil {
			return
		}
		sent := participants([]meeting.Attendee{{UPN: upn, Role: meeting.AttendeeRole(role)}}, current)
		body, err := json.Marshal(sent)
		if err != nil {
			t.Fatalf("%s: %v", list, err)
		}
		unnamed := 0
		for _, raw := range current {
			if isPresent(raw) && parseAttendee(raw).UPN == "" && !parseAttendee(raw).Same(meeting.Attendee{UPN: upn}) {
				unnamed++
			}
		}
		if len(sent.Attendees) != unnamed+1 || strings.Contains(string(body), `"role":"unknownFutureValue"`) {
			t.Errorf("%s becomes %s", list, body)
		}
	})
}

// FuzzErrorDocument asserts that parseError finds no more codes than the document
// contains. A claims challenge must be either empty or a JSON object with members.
// decodeClaims must accept claims with any JSON value.
func FuzzErrorDocument(f *testing.F) {
	f.Add([]byte(`{"error":{"code":"a","innerError":{"code":"b","innererror":{"code":"c"}}}}`), `Bearer realm="", claims="eyJhIjp7fX0=", Basic x`)
	f.Add([]byte(`{"error":{"code":{},"innerError":7}}`), `Bearer claims=e30, claims="\"", bearer CLAIMS=eyJhIjp7fX0`)
	f.Add([]byte(`{"ERROR":{"code":"a"}}`), base64.StdEncoding.EncodeToString([]byte(`{"a":1}`)))
	f.Fuzz(func(t *testing.T, body []byte, challenge string) {
		document, isGraphs := parseError(body)
		codes := document.codes()
		if len(codes) > strings.Count(string(body), "code")+strings.Count(string(body), `\u`) || isGraphs && !json.Valid(body) {
			t.Errorf("%q has the codes %q, %v", body, codes, isGraphs)
		}
		header := http.Header{"Www-Authenticate": {challenge, challenge}}
		claims := claimsChallenge(header)
		var object map[string]any
		if claims != "" && (json.Unmarshal([]byte(claims), &object) != nil || len(object) == 0 || !asksForBearer(header)) {
			t.Errorf("%q has the claims %q", challenge, claims)
		}
		if decodeClaims(base64.RawURLEncoding.EncodeToString([]byte(`{"a":`+string(body)+`}`))) == "" && json.Valid(body) {
			t.Errorf("claims with %q are lost", body)
		}
	})
}

// FuzzURL asserts that any ID is encoded as one path segment and any value as one parameter.
// Quotes in a search phrase must be escaped.
func FuzzURL(f *testing.F) {
	for _, text := range []string{"MSo1N2Y5*0**19:meeting_a/b@thread.v2", "..", "a/../b", "it's", `a" OR "mail:`, "x\\", "a&b=c#d", "\u202e\r\n", "%2e%2e", "\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if segment := pathSegment(text); segment != "" {
			u, err := url.Parse("https://graph.example/v1.0/users" + segment)
			if err != nil || u.Path != "/v1.0/users/"+text || u.RawQuery != "" || u.Fragment != "" || strings.Count(u.EscapedPath(), "/") != 3 || u.JoinPath().EscapedPath() != u.EscapedPath() {
				t.Errorf("%q is the segment %q: %v, %v", text, segment, u, err)
			}
		}
		u, err := url.Parse("https://graph.example/v1.0/users" + queryString("$filter", text, "$top", "1"))
		if err != nil || u.Query().Get("$filter") != text || len(u.Query()) != 2 || strings.Contains(u.RawQuery, "+") {
			t.Errorf("%q is the query %v, %v", text, u, err)
		}
		phrase := searchPhrase(text)
		if strings.ContainsAny(phrase, "\"\\") || strings.ContainsFunc(phrase, meeting.IsControl) || utf8.ValidString(text) && searchPhrase(phrase) != phrase || utf8.RuneCountInString(phrase) > maxCode {
			t.Errorf("%q is searched for as %q", text, phrase)
		}
	})
}
