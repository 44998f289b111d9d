package graph_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"testing"
	"time"

	"meetdesk/graph"
	"meetdesk/meeting"
)

func TestRequests(t *testing.T) {
	zone := time.FixedZone("", 2*60*60)
	people := []meeting.Attendee{
		{UPN: "a@contoso.example", ObjectID: "oid-a", Name: "A", Role: meeting.RolePresenter},
		{UPN: "b@contoso.example"},
	}
	peopleJSON := `{"attendees":[{"upn":"a@contoso.example","role":"presenter","identity":{"user":{"id":"oid-a"}}},{"upn":"b@contoso.example"}]}`
	create := func(c *graph.Client, a meeting.Asked) error {
		_, err := c.CreateOrGet(t.Context(), graph.Me(token), a)
		return err
	}
	patch := func(p graph.Patch) func(*graph.Client, meeting.Asked) error {
		return func(c *graph.Client, _ meeting.Asked) error {
			_, err := c.UpdateMeeting(t.Context(), graph.Me(token), meetID, p)
			return err
		}
	}
	set := func(o meeting.Option, value string) func(*graph.Client, meeting.Asked) error {
		return patch(graph.Patch{Options: meeting.Options{}.With(o, value)})
	}
	printer, blank := "Printer", ""
	const meetingPath = "/v1.0/me/onlineMeetings/MSo1N2Y5%2A0%2A%2A19:meeting_a%2Fb@thread.v2"
	for _, tt := range []struct {
		name   string
		run    func(*graph.Client, meeting.Asked) error
		asked  meeting.Asked
		method string
		path   string
		body   string
	}{
		{"create", create, meeting.Asked{
			ExternalID: "INC0012345", Subject: "Printer", Attendees: people,
			Start: time.Date(2026, 11, 2, 11, 0, 0, 0, zone), End: time.Date(2026, 11, 2, 12, 0, 0, 250e6, zone),
		}, "POST", "/v1.0/me/onlineMeetings/createOrGet",
			`{"externalId":"INC0012345","subject":"Printer","startDateTime":"2026-11-02T09:00:00Z","endDateTime":"2026-11-02T10:00:00.25Z","participants":` + peopleJSON + `}`},
		{"create with the external ID only", create, meeting.Asked{ExternalID: " inc-1~2 ", Subject: "  "},
			"POST", "/v1.0/me/onlineMeetings/createOrGet", `{"externalId":" inc-1~2 "}`},
		{"rename", patch(graph.Patch{Subject: &printer}), meeting.Asked{}, "PATCH", meetingPath, `{"subject":"Printer"}`},
		{"clear the subject", patch(graph.Patch{Subject: &blank}), meeting.Asked{}, "PATCH", meetingPath, `{"subject":""}`},
		{"move", patch(graph.Patch{Start: asked.Start, End: asked.End}), meeting.Asked{},
			"PATCH", meetingPath, `{"startDateTime":"2026-11-02T09:00:00Z","endDateTime":"2026-11-02T10:00:00Z"}`},
		{"people", patch(graph.Patch{People: &graph.People{Attendees: people}}), meeting.Asked{}, "PATCH", meetingPath, `{"participants":` + peopleJSON + `}`},
		{"remove everybody", patch(graph.Patch{People: &graph.People{}}), meeting.Asked{}, "PATCH", meetingPath, `{"participants":{"attendees":[]}}`},
		{"presenters with the list of people", patch(graph.Patch{Options: meeting.Options{Presenters: meeting.PresentersByRole}, People: &graph.People{Attendees: people}}), meeting.Asked{},
			"PATCH", meetingPath, `{"allowedPresenters":"roleIsPresenter","participants":` + peopleJSON + `}`},
		{"create with options, in a channel", create, meeting.Asked{
			ExternalID: "1", ThreadID: "19:c@thread.tacv2", KeepPeople: true, Options: meeting.Options{Lobby: "everyone"},
		}, "POST", "/beta/me/onlineMeetings/createOrGet", `{"externalId":"1","chatInfo":{"threadId":"19:c@thread.tacv2"}}`},
		{"lobby", set(meeting.OptionLobby, "invited"), meeting.Asked{}, "PATCH", meetingPath, `{"lobbyBypassSettings":{"scope":"invited"}}`},
		{"presenters", set(meeting.OptionPresenters, "roleIsPresenter"), meeting.Asked{}, "PATCH", meetingPath, `{"allowedPresenters":"roleIsPresenter"}`},
		{"announce", set(meeting.OptionAnnounce, meeting.On), meeting.Asked{}, "PATCH", meetingPath, `{"isEntryExitAnnounced":true}`},
		{"do not announce", set(meeting.OptionAnnounce, meeting.Off), meeting.Asked{}, "PATCH", meetingPath, `{"isEntryExitAnnounced":false}`},
		{"record", set(meeting.OptionRecord, meeting.On), meeting.Asked{}, "PATCH", meetingPath, `{"recordAutomatically":true}`},
		{"do not record", set(meeting.OptionRecord, meeting.Off), meeting.Asked{}, "PATCH", meetingPath, `{"recordAutomatically":false}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPeer(t, responds(200, minimalMeeting))
			c := p.client()
			c.BetaURL = p.URL + "/beta"
			if err := tt.run(c, tt.asked); err != nil {
				t.Fatal(err)
			}
			r := p.requests()[0]
			if r.Method != tt.method || r.RequestURI != tt.path {
				t.Errorf("%s %s, want %s %s", r.Method, r.RequestURI, tt.method, tt.path)
			}
			var want map[string]any
			if err := json.Unmarshal([]byte(tt.body), &want); err != nil {
				t.Fatal(err)
			}
			if got := r.JSON(t); !reflect.DeepEqual(got, want) {
				t.Errorf("body %s\nwant %s", r.body, tt.body)
			}
		})
	}
}

func TestBetaOff(t *testing.T) {
	p := newPeer(t, responds(201, minimalMeeting))
	result, err := p.client().CreateOrGet(t.Context(), graph.Me(token), meeting.Asked{ExternalID: "1", ThreadID: "19:c@thread.tacv2"})
	wantError(t, err, graph.NotSent, meeting.ReasonBetaOff)
	if len(result.Calls) != 0 || len(p.requests()) != 0 {
		t.Errorf("calls %+v and %d requests, want none", result.Calls, len(p.requests()))
	}
}

func TestHeaders(t *testing.T) {
	p := newPeer(t, responds(200, minimalMeeting))
	c := p.client()
	c.BaseURL += "/" // a trailing slash makes no difference
	if _, err := c.CreateOrGet(t.Context(), graph.Me(token), asked); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Meeting(t.Context(), graph.Me(token), meetID); err != nil {
		t.Fatal(err)
	}
	post, get := p.requests()[0], p.requests()[1]
	for name, want := range map[string]string{
		"Authorization":            "Bearer the-token",
		"Content-Type":             "application/json",
		"Accept":                   "application/json",
		"Prefer":                   "include-unknown-enum-members",
		"Return-Client-Request-Id": "true",
		"User-Agent":               "meetdesk",
	} {
		if got := post.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if get.Method != http.MethodGet || get.RequestURI != "/v1.0/me/onlineMeetings/MSo1N2Y5%2A0%2A%2A19:meeting_a%2Fb@thread.v2" {
		t.Errorf("%s %s", get.Method, get.RequestURI)
	}
	if get.body != "" || get.Header.Get("Content-Type") != "" {
		t.Errorf("GET with body %q and Content-Type %q, want neither", get.body, get.Header.Get("Content-Type"))
	}
}

func TestReply(t *testing.T) {
	const full = `{
		"@odata.context": "x", "id": "M1", "externalId": "INC0012345", "subject": "Printer", "brandNew": {"a": [1]},
		"creationDateTime": "2026-11-01T08:00:00.1909168Z", "startDateTime": "2026-11-02T10:00:00+01:00",
		"endDateTime": "2026-11-02T10:00:00Z", "expiryDateTime": "2027-01-01T10:00:00Z",
		"joinWebUrl": "https://teams.example/join?a=b", "meetingOptionsWebUrl": "https://teams.example/options",
		"videoTeleconferenceId": "123", "allowedPresenters": "roleIsPresenter", "lobbyBypassSettings": {"scope": "invited", "isDialInBypassEnabled": false},
		"isEntryExitAnnounced": true, "recordAutomatically": false,
		"joinMeetingIdSettings": {"joinMeetingId": "234 567 890 123", "passcode": "aB3", "isPasscodeRequired": true},
		"audioConferencing": {"conferenceId": "9988", "tollNumber": "+1 206", "tollFreeNumber": null, "tollNumbers": ["+1 206", " +44 20 ", "", "+44 20"], "tollFreeNumbers": ["+1 800", "+44 800"], "dialinUrl": "https://dialin.example/1"},
		"chatInfo": {"threadId": "19:x@thread.v2", "messageId": "0"},
		"participants": {"organizer": {"upn": "o@contoso.example", "identity": {"user": {"id": "oid-o"}}}, "producers": [], "attendees": [
			{"upn": "a@contoso.example", "role": null, "identity": {"user": {"id": "oid-a", "displayName": "A", "tenantId": "t"}}},
			{"upn": "b@contoso.example", "role": "coorganizer", "identity": {"user": null}},
			{"upn": null, "role": "attendee", "identity": null}, null]}}`
	want := meeting.Details{
		GraphID: "M1", ExternalID: "INC0012345", OrganizerID: "oid-o", Subject: "Printer",
		Start: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC), End: time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC),
		JoinURL: "https://teams.example/join?a=b", OptionsURL: "https://teams.example/options",
		JoinMeetingID: "234567890123", Passcode: "aB3", ConferenceID: "9988", TollNumber: "+1 206",
		TollFreeNumber: "+1 800", MoreTolls: []string{"+44 20"}, MoreTollFrees: []string{"+44 800"},
		DialInURL: "https://dialin.example/1", ThreadID: "19:x@thread.v2", VideoID: "123",
		Options:      meeting.Options{Lobby: "invited", Presenters: "roleIsPresenter", Announce: meeting.On, Record: meeting.Off},
		GraphCreated: time.Date(2026, 11, 1, 8, 0, 0, 190916800, time.UTC), Expires: time.Date(2027, 1, 1, 10, 0, 0, 0, time.UTC),
		Attendees: []meeting.Attendee{
			{UPN: "a@contoso.example", ObjectID: "oid-a", Name: "A"},
			{UPN: "b@contoso.example", Role: meeting.RoleCoorganizer},
		},
	}
	const nulls = `{"id":"M1","externalId":null,"subject":null,"startDateTime":null,"joinWebUrl":null,"participants":null,
		"audioConferencing":null,"chatInfo":null,"joinMeetingIdSettings":null,"lobbyBypassSettings":null,"isEntryExitAnnounced":null,"allowedPresenters":null}`
	const unexpected = `{"id":"M1","subject":7,"participants":"none","startDateTime":"tomorrow","endDateTime":"2026-11-02T10:00:00Z",
		"creationDateTime":"0001-01-01T00:00:00Z","expiryDateTime":"0001-01-01T00:00:00-08:00","joinWebUrl":"javascript:alert(1)",
		"meetingOptionsWebUrl":"//teams.example","audioConferencing":{"dialinUrl":"https:nohost","conferenceId":5,"tollNumber":"+1","tollNumbers":"+2","tollFreeNumbers":[3,"+4"]},
		"recordAutomatically":"yes","isEntryExitAnnounced":0,"lobbyBypassSettings":{"scope":["everyone"]}}`
	for _, tt := range []struct {
		name, body string
		want       meeting.Details
	}{
		{"full", full, want},
		{"nulls", nulls, meeting.Details{GraphID: "M1"}},
		{"unexpected types", unexpected, meeting.Details{GraphID: "M1", End: asked.End, TollNumber: "+1", TollFreeNumber: "+4"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			at := time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)
			c := newPeer(t, responds(201, tt.body, "request-id", "r-1")).client()
			c.Now = func() time.Time { return at }
			result, err := c.CreateOrGet(t.Context(), graph.Me(token), asked)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(result.Reply.Details, tt.want) {
				t.Errorf("got  %+v\nwant %+v", result.Reply.Details, tt.want)
			}
			if string(result.Reply.Raw) != tt.body || !result.Reply.At.Equal(at) || !result.Reply.Created {
				t.Errorf("reply %+v, want the body at %v", result.Reply, at)
			}
			if call := result.Calls[0]; call.Status != 201 || call.RequestID != "r-1" || call.Unsure || call.StartedAt != at {
				t.Errorf("call %+v", call)
			}
		})
	}
}
