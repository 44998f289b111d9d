package graph_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"meetdesk/graph"
	"meetdesk/meeting"
)

func TestParseAttendees(t *testing.T) {
	for _, tt := range []struct {
		name, entry string
		want        []meeting.Attendee
	}{
		{"user", `{"upn":"a@b.example","role":null,"identity":{"user":{"id":"u-1","displayName":"A"},"guest":null}}`, []meeting.Attendee{{UPN: "a@b.example", ObjectID: "u-1", Name: "A"}}},
		{"guest", `{"upn":null,"role":"attendee","identity":{"user":null,"guest":{"id":"g-1","displayName":"Ana"}}}`, []meeting.Attendee{{ObjectID: "g-1", Name: "Ana", Role: "attendee", Identity: "guest"}}},
		{"phone", `{"identity":{"@odata.type":"#microsoft.graph.communicationsIdentitySet","phone":{"id":"+1 206","displayName":null}}}`, []meeting.Attendee{{ObjectID: "+1 206", Identity: "phone"}}},
		{"app without a name", `{"identity":{"applicationInstance":{"id":null}}}`, []meeting.Attendee{{Identity: "applicationInstance"}}},
		{"unknown kind", `{"upn":"a@b.example","identity":{"hologram":{"id":"h","displayName":"H"}}}`, []meeting.Attendee{{UPN: "a@b.example", ObjectID: "h", Name: "H", Identity: "hologram"}}},
		{"unnamed user and a guest", `{"identity":{"user":{"id":null},"guest":{"id":"g"}}}`, []meeting.Attendee{{ObjectID: "g", Identity: "guest"}}},
		{"properties in another case", `{"UPN":"a@b.example","Identity":{"user":{"id":"u"}}}`, nil},
		{"nobody", `{"upn":null,"role":"attendee","identity":null}`, nil},
		{"null", `null`, nil},
		{"not an object", `"a@b.example"`, nil},
		{"unexpected types", `{"upn":7,"role":[],"identity":{"guest":"Ana","user":[1]}}`, nil},
	} {
		reply, err := graph.ParseReply([]byte(`{"id":"M1","participants":{"attendees":[` + tt.entry + `]}}`))
		if err != nil || !reflect.DeepEqual(reply.Attendees, tt.want) {
			t.Errorf("%s: got %+v, %v; want %+v", tt.name, reply.Attendees, err, tt.want)
		}
	}
}

// TestUpdatePreservesEntries checks that an update changes only the roles in Graph's
// entries and that it removes only attendees with a UPN.
func TestUpdatePreservesEntries(t *testing.T) {
	const (
		dana    = `{"upn":"dana@contoso.example","role":null,"identity":{"user":{"id":"u-1","tenantId":"t-1"}}}`
		guest   = `{"upn":null,"role":"attendee","identity":{"guest":{"id":"g-1","displayName":"Ana"}},"extra":[1]}`
		phone   = `{"identity":{"phone":{"id":"+1 206"}}}`
		unnamed = `{"upn":null,"role":"attendee","identity":null}`
	)
	for _, tt := range []struct {
		name, current string
		people        []meeting.Attendee
		want          string
	}{
		{"the same people", dana + "," + guest, []meeting.Attendee{{UPN: "DANA@contoso.example"}, {ObjectID: "g-1", Identity: "guest"}}, dana + "," + guest},
		{"role changed", dana + "," + phone, []meeting.Attendee{{UPN: "dana@contoso.example", Role: meeting.RolePresenter}},
			`{"upn":"dana@contoso.example","role":"presenter","identity":{"user":{"id":"u-1","tenantId":"t-1"}}},` + phone},
		{"role removed", `{"upn":"dana@contoso.example","role":"presenter"}`, []meeting.Attendee{{UPN: "dana@contoso.example"}}, `{"upn":"dana@contoso.example","role":"attendee"}`},
		{"person removed", dana + "," + guest + "," + unnamed, nil, guest + "," + unnamed},
		{"person added", phone, []meeting.Attendee{{UPN: "sam@contoso.example", ObjectID: "u-5"}}, `{"upn":"sam@contoso.example","identity":{"user":{"id":"u-5"}}},` + phone},
		{"role that Graph does not name", `{"upn":"dana@contoso.example","role":"unknownFutureValue"}`, []meeting.Attendee{{UPN: "dana@contoso.example", Role: "unknownFutureValue"}}, `{"upn":"dana@contoso.example"}`},
		{"no person in the list", "null", []meeting.Attendee{{UPN: "sam@contoso.example", Role: meeting.RoleCoorganizer}}, `{"upn":"sam@contoso.example","role":"coorganizer"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPeer(t, responds(200, minimalMeeting))
			patch := graph.Patch{People: &graph.People{Attendees: tt.people, Current: []byte(`{"participants":{"attendees":[` + tt.current + `]}}`)}}
			if _, err := p.client().UpdateMeeting(t.Context(), graph.Me(token), meetID, patch); err != nil {
				t.Fatal(err)
			}
			var want map[string]any
			if err := json.Unmarshal([]byte(`{"participants":{"attendees":[`+tt.want+`]}}`), &want); err != nil {
				t.Fatal(err)
			}
			if got := p.requests()[0].JSON(t); !reflect.DeepEqual(got, want) {
				t.Errorf("sent %v\nwant %v", got, want)
			}
		})
	}
}

func TestEmptyPatchIsNotSent(t *testing.T) {
	p := newPeer(t, responds(200, minimalMeeting))
	_, err := p.client().UpdateMeeting(t.Context(), graph.Me(token), meetID, graph.Patch{})
	wantError(t, err, graph.NotSent, meeting.ReasonBadRequest)
}
