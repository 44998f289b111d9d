package desktest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"meetdesk/desk"
)

// Graph's routes, in the form that emulator.FailNext expects. CreateFor replaces
// CreateRoute in application mode.
const (
	CreateRoute = "POST /me/onlineMeetings/createOrGet"
	CreateFor   = "POST /users/{user}/onlineMeetings/createOrGet"
	GetRoute    = "GET /me/onlineMeetings/{id}"
	FindRoute   = "GET /me/onlineMeetings"
	PatchRoute  = "PATCH /me/onlineMeetings/{id}"
	DeleteRoute = "DELETE /me/onlineMeetings/{id}"
)

func (d *Desk) get(address string) (*http.Response, error) {
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	return http.DefaultTransport.RoundTrip(r)
}

// Bodies returns the bodies of all requests with the given method that Graph received,
// oldest first.
func (d *Desk) Bodies(method string) (bodies []string) {
	for _, r := range d.Emulator.Requests() {
		if r.Method == method {
			bodies = append(bodies, string(r.Body))
		}
	}
	return bodies
}

// InTeams simulates a change in Teams to the newest meeting for INC0012345.
func (d *Desk) InTeams(change func(m map[string]any)) {
	d.T.Helper()
	if !d.Emulator.ChangeMeeting(d.Newest("INC0012345").GraphID, change) {
		d.T.Fatal("Graph does not have the meeting")
	}
}

// Invite replaces the attendees of a Graph meeting with n people.
func Invite(m map[string]any, n int) {
	list := make([]any, n)
	for i := range list {
		list[i] = map[string]any{"upn": fmt.Sprintf("person%d@contoso.example", i), "role": "attendee", "identity": nil}
	}
	m["participants"].(map[string]any)["attendees"] = list
}

// People returns the attendees of Graph's oldest meeting as decoded JSON values.
func (d *Desk) People() []any {
	return d.Emulator.Meetings()[0].Document["participants"].(map[string]any)["attendees"].([]any)
}

// MadeElsewhere creates a meeting in Graph with the person's token, bypassing the desk.
func (d *Desk) MadeElsewhere(person desk.Actor, externalID, subject string) (id, joinURL string) {
	d.T.Helper()
	tokens, err := d.Store.Tokens(context.Background(), person.GrantID)
	if err != nil {
		d.T.Fatal(err)
	}
	body := fmt.Sprintf(`{"externalId":%q,"subject":%q,"startDateTime":"2027-03-03T10:00:00Z"}`, externalID, subject)
	r, err := http.NewRequest(http.MethodPost, d.MicrosoftURL+"/v1.0/me/onlineMeetings/createOrGet", strings.NewReader(body))
	if err != nil {
		d.T.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+tokens.AccessToken)
	r.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		d.T.Fatal(err)
	}
	defer response.Body.Close()
	var made struct{ ID, JoinWebURL string }
	if err := json.NewDecoder(response.Body).Decode(&made); err != nil || response.StatusCode != http.StatusCreated {
		d.T.Fatalf("status %d, %v", response.StatusCode, err)
	}
	return made.ID, made.JoinWebURL
}

// Eventually waits until done returns true. The timeout only prevents a test from hanging.
func Eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("still not after two minutes: %s", what)
		}
	}
}
