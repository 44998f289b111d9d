package graph_test

import (
	"reflect"
	"testing"

	"meetdesk/graph"
	"meetdesk/meeting"
)

// TestMeetingPropertyNames checks that the property names of meetings are case-sensitive.
func TestMeetingPropertyNames(t *testing.T) {
	const right = `"id":"M1","subject":"Printer","joinWebUrl":"https://teams.microsoft.com/right","externalId":"INC1","startDateTime":"2026-11-02T09:00:00Z",
		"participants":{"organizer":{"identity":{"user":{"id":"O1"}}},"attendees":[{"upn":"a@b.example","role":"presenter"}]},
		"joinMeetingIdSettings":{"joinMeetingId":"123456789","passcode":"p"},"chatInfo":{"threadId":"19:meeting_a@thread.v2"},
		"audioConferencing":{"conferenceId":"42"},"isEntryExitAnnounced":true,"lobbyBypassSettings":{"scope":"invited"}`
	want, err := graph.ParseReply([]byte(`{` + right + `}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, other := range map[string]string{
		"join link":   `"JOINWEBURL":"https://teams.microsoft.com/wrong"`,
		"id":          `"ID":"M2","Id":"M3"`,
		"external ID": `"ExternalId":"INC2","externalID":"INC3"`,
		"subject":     `"Subject":"wrong"`,
		"time":        `"StartDateTime":"2001-01-01T00:00:00Z"`,
		"people":      `"Participants":{"Attendees":[],"organizer":{"identity":{"user":{"id":"O2"}}}}`,
		"meeting ID":  `"JoinMeetingIdSettings":{"joinMeetingId":"987654321"}`,
		"thread":      `"ChatInfo":{"threadId":"19:meeting_b@thread.v2"}`,
		"conference":  `"AudioConferencing":{"conferenceId":"43"}`,
		"option":      `"ISENTRYEXITANNOUNCED":false,"LobbyBypassSettings":{"scope":"everyone"}`,
		"long s":      `"ſubject":"wrong"`,
		"underscore":  `"join_web_url":"https://teams.microsoft.com/wrong"`,
	} {
		for _, raw := range []string{`{` + right + `,` + other + `}`, `{` + other + `,` + right + `}`} {
			got, err := graph.ParseReply([]byte(raw))
			if err != nil || !reflect.DeepEqual(got.Details, want.Details) {
				t.Errorf("%s: got %+v, %v; want %+v", name, got.Details, err, want.Details)
			}
		}
	}
	nested := `{"id":"M1","participants":{"attendees":[{"UPN":"wrong@b.example","upn":"a@b.example","Identity":{"user":{"id":"X"}},"identity":{"User":{"id":"X"}}}]}}`
	got, err := graph.ParseReply([]byte(nested))
	if err != nil || !reflect.DeepEqual(got.Attendees, []meeting.Attendee{{UPN: "a@b.example", ObjectID: "X", Identity: "User"}}) {
		t.Errorf("in a list: %+v, %v", got.Attendees, err)
	}
	if _, err := graph.ParseReply([]byte(`{"ID":"M1"}`)); err == nil {
		t.Error("ID was read as id")
	}
}

// TestOtherPropertyNames checks that the property names of collections, people and errors
// are case-sensitive.
func TestOtherPropertyNames(t *testing.T) {
	for _, body := range []string{`{"Value":[{"id":"M1"}]}`, `{"VALUE":[]}`, `{}`, `{"value":null}`, `{"status":"sign in to the network"}`} {
		_, err := newPeer(t, responds(200, body)).client().MeetingByJoinURL(t.Context(), graph.Me(token), "https://teams.microsoft.com/l/x")
		if graph.IsNotFound(err) || err == nil {
			t.Errorf("%s was accepted as a collection: %v", body, err)
		}
	}
	p, err := newPeer(t, responds(200, `{"id":"P1","ID":"P2","userPrincipalName":"a@b.example","UserPrincipalName":"x@b.example","Mail":"m@b.example"}`)).client().Person(t.Context(), token, "a@b.example")
	if want := (meeting.Person{ObjectID: "P1", UPN: "a@b.example"}); err != nil || p != want {
		t.Errorf("person %+v, %v; want %+v", p, err, want)
	}
	people, err := newPeer(t, responds(200, `{"value":[{"Id":"P2"},{"id":"P1","DisplayName":"x"}]}`)).client().SearchPeople(t.Context(), token, "ann")
	if want := []meeting.Person{{ObjectID: "P1"}}; err != nil || !reflect.DeepEqual(people, want) {
		t.Errorf("people %+v, %v; want %+v", people, err, want)
	}
	for body, want := range map[string]meeting.Reason{
		`{"error":{"code":"Forbidden","Code":"insufficient_claims","innerError":{"request-id":"1"}}}`:                                       meeting.ReasonForbidden,
		`{"error":{"code":"Forbidden","innerError":{"request-id":"1","Code":"insufficient_claims"}}}`:                                       meeting.ReasonForbidden,
		`{"error":{"code":"Forbidden","innerError":{"request-id":"1"}},"Error":{"code":"insufficient_claims"}}`:                             meeting.ReasonForbidden,
		`{"error":{"code":"Forbidden","innererror":{"request-id":"1","innerError":{"code":"insufficient_claims"}}}}`:                        meeting.ReasonClaims,
		`{"error":{"code":"Forbidden","innerError":{"request-id":"1","innererror":{"code":"Authorization_RequestDenied"}},"INNERERROR":1}}`: meeting.ReasonScope,
	} {
		_, err := newPeer(t, responds(403, body)).client().Meeting(t.Context(), graph.Me(token), meetID)
		wantError(t, err, graph.Refused, want)
	}
}
