package msgraph_test

import (
	"net/http"
	"strings"
	"testing"

	"meetdesk/emulator/emutest"
)

// The request from example 1 and the channel's thread from example 2 of
// onlinemeeting-createorget.md.
const (
	exampleFirst = `{
    "startDateTime": "2020-02-06T01:49:21.3524945+00:00",
    "endDateTime": "2020-02-06T02:19:21.3524945+00:00",
    "subject": "Create a meeting with customId provided",
    "externalId": "7eb8263f-d0e0-4149-bb1c-1f0476083c56",
    "participants": {"attendees": [{"identity": {"user": {"id": "1f35f2e6-9cab-44ad-8d5a-b74c14720000"}}, "upn": "test1@contoso.com"}]}
}`
	exampleThread = "19:7ebda77322dd4505ac4dedb5b67df076@thread.tacv2"
)

func TestDocumentedExamples(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	second := strings.Replace(strings.Replace(exampleFirst, "{", `{"chatInfo": {"threadId": "`+exampleThread+`"},`, 1), "7eb8263f", "7eb82640", 1)
	for name, body := range map[string]string{"example 1": exampleFirst, "example 2": second} {
		t.Run(name, func(t *testing.T) {
			r, created := s.Graph("POST", "/beta/me/onlineMeetings/createOrGet", token, body)
			if r.StatusCode != http.StatusCreated {
				t.Fatalf("status %d: %v", r.StatusCode, created)
			}
			r, m := s.Graph("POST", "/beta/me/onlineMeetings/createOrGet", token, body)
			if r.StatusCode != http.StatusOK {
				t.Fatalf("status %d for the second request: %v", r.StatusCode, m)
			}
			for _, f := range exampleFields() {
				if got := emutest.At(m, f.path...); got != f.want {
					t.Errorf("%v is %v, want %v", f.path, got, f.want)
				}
			}
			for _, path := range exampleRedacted() {
				if text, _ := emutest.At(m, path...).(string); text == "" {
					t.Errorf("%v is %v, want a text", path, emutest.At(m, path...))
				}
			}
			thread := emutest.At(m, "chatInfo", "threadId")
			if message := emutest.At(m, "chatInfo", "messageId"); (name == "example 2") != (thread == exampleThread && message != "0") {
				t.Errorf("chat %v, message %v", thread, message)
			}
		})
	}
}

type exampleField struct {
	path []any
	want any
}

// exampleFields returns values that the response to an example request must contain. Most
// come from the documented responses. The times come from the requests, because the times
// in the documented responses contradict the rest of the page.
func exampleFields() []exampleField {
	return []exampleField{
		{[]any{"startDateTime"}, "2020-02-06T01:49:21.3524945Z"},
		{[]any{"endDateTime"}, "2020-02-06T02:19:21.3524945Z"},
		{[]any{"subject"}, "Create a meeting with customId provided"},
		{[]any{"isBroadcast"}, false},
		{[]any{"autoAdmittedUsers"}, "EveryoneInCompany"},
		{[]any{"isEntryExitAnnounced"}, true},
		{[]any{"allowedPresenters"}, "everyone"},
		{[]any{"participants", "organizer", "role"}, "presenter"},
		{[]any{"participants", "organizer", "upn"}, "priya@contoso.example"},
		{[]any{"participants", "attendees", 0, "upn"}, "test1@contoso.com"},
		{[]any{"participants", "attendees", 0, "role"}, nil},
		{[]any{"participants", "attendees", 0, "identity", "user", "id"}, "1f35f2e6-9cab-44ad-8d5a-b74c14720000"},
		{[]any{"lobbyBypassSettings", "scope"}, "organization"},
		{[]any{"lobbyBypassSettings", "isDialInBypassEnabled"}, false},
		{[]any{"audioConferencing", "tollNumber"}, "+1 206-485-3005"},
		{[]any{"audioConferencing", "tollFreeNumber"}, nil},
		{[]any{"chatInfo", "replyChainMessageId"}, nil},
	}
}

// exampleRedacted returns the properties whose values are redacted in the documented
// responses.
func exampleRedacted() [][]any {
	return [][]any{
		{"id"}, {"joinWebUrl"}, {"videoTeleconferenceId"}, {"creationDateTime"}, {"externalId"},
		{"participants", "organizer", "identity", "user", "id"},
		{"audioConferencing", "conferenceId"}, {"audioConferencing", "dialinUrl"},
		{"chatInfo", "threadId"}, {"chatInfo", "messageId"},
	}
}
