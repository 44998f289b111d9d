package graph_test

import (
	"testing"

	"golang.org/x/oauth2"

	"meetdesk/emulator"
	"meetdesk/graph"
	"meetdesk/meeting"
)

// TestAccessPolicy checks that the program can act for Priya once the access policy is
// granted. Her own token must give access to the same meeting.
func TestAccessPolicy(t *testing.T) {
	em, c, userToken := newEmulator(t)
	appToken := programToken(t, em)
	priya, tomas := emulator.Cast()[0], emulator.Cast()[1]
	_, err := c.CreateOrGet(t.Context(), graph.For(priya.ObjectID, appToken), asked)
	wantError(t, err, graph.Refused, meeting.ReasonPolicy)
	em.GrantAccessPolicy(priya.ObjectID)
	made, err := c.CreateOrGet(t.Context(), graph.For(priya.ObjectID, appToken), asked)
	if err != nil || !made.Reply.Created || made.Reply.OrganizerID != priya.ObjectID {
		t.Fatalf("created %+v, %v; want a meeting of Priya's", made.Reply, err)
	}
	found, err := c.CreateOrGet(t.Context(), graph.Me(userToken), asked)
	if err != nil || found.Reply.Created || found.Reply.GraphID != made.Reply.GraphID {
		t.Errorf("her own call: got %+v, %v; want the same meeting", found.Reply, err)
	}

	for _, tt := range []struct {
		name   string
		as     graph.As
		reason meeting.Reason
	}{
		{"person's token on /users", graph.For(priya.ObjectID, userToken), meeting.ReasonPolicy},
		{"program's token on /me", graph.Me(appToken), meeting.ReasonBadRequest},
		{"unknown object ID", graph.For("3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8eff", appToken), meeting.ReasonNoOrganizer},
		{"organizer without a policy", graph.For(tomas.ObjectID, appToken), meeting.ReasonPolicy},
		{"invalid token", graph.For(priya.ObjectID, "x"), meeting.ReasonAppToken},
	} {
		_, err := c.CreateOrGet(t.Context(), tt.as, asked)
		if e := wantError(t, err, graph.Refused, tt.reason); e.Claims != "" {
			t.Errorf("%s: claims %q", tt.name, e.Claims)
		}
	}
	if n := len(em.Meetings()); n != 1 {
		t.Errorf("%d meetings, want 1", n)
	}
}

func TestMeetingLifecycle(t *testing.T) {
	em, c, userToken := newEmulator(t)
	priya := emulator.Cast()[0]
	em.GrantAccessPolicy(priya.ObjectID)
	for name, as := range map[string]graph.As{"person": graph.Me(userToken), "program": graph.For(priya.ObjectID, programToken(t, em))} {
		t.Run(name, func(t *testing.T) {
			a := asked
			a.ExternalID, a.Attendees = name, []meeting.Attendee{{UPN: "caller@elsewhere.example"}}
			made, err := c.CreateOrGet(t.Context(), as, a)
			if err != nil {
				t.Fatal(err)
			}
			id := made.Reply.GraphID
			want := meeting.Options{Lobby: "invited", Presenters: "roleIsPresenter", Announce: meeting.Off, Record: meeting.On}
			for _, o := range want.Chosen() {
				set, err := c.UpdateMeeting(t.Context(), as, id, graph.Patch{Options: meeting.Options{}.With(o, want.Get(o))})
				if err != nil || set.Reply.Options.Get(o) != want.Get(o) {
					t.Errorf("set %s: got %+v, %v", o, set.Reply.Options, err)
				}
			}
			moved := meeting.Asked{Subject: "Moved", Start: asked.Start, End: asked.End, KeepPeople: true}
			if _, err := c.UpdateMeeting(t.Context(), as, id, fullPatch(moved)); err != nil {
				t.Error(err)
			}
			found, err := c.MeetingByJoinURL(t.Context(), as, made.Reply.JoinURL)
			if err != nil || found.Reply.GraphID != id || found.Reply.Subject != "Moved" || found.Reply.Options != want || len(found.Reply.Attendees) != 1 {
				t.Errorf("found %+v, %v", found.Reply, err)
			}
			if stored, err := graph.ParseReply(found.Reply.Raw); err != nil || stored.GraphID != id {
				t.Errorf("Raw is not the meeting: %v", err)
			}
			removed, err := c.RemoveMeeting(t.Context(), as, id)
			if err != nil || removed.Calls[0].Status != 204 {
				t.Errorf("removed %+v, %v", removed, err)
			}
			_, err = c.RemoveMeeting(t.Context(), as, id)
			_, findErr := c.MeetingByJoinURL(t.Context(), as, made.Reply.JoinURL)
			if !graph.IsNotFound(err) || !graph.IsNotFound(findErr) {
				t.Errorf("after the removal: removing again %v, finding %v; want IsNotFound", err, findErr)
			}
		})
	}
}

func TestClaimsSatisfied(t *testing.T) {
	em, c, userToken := newEmulator(t)
	const claims = `{"access_token":{"nbf":{"essential":true, "value":"1604106651"}}}`
	if err := em.RequireClaims(emulator.Cast()[0].ObjectID, claims); err != nil {
		t.Fatal(err)
	}
	result, err := c.CreateOrGet(t.Context(), graph.Me(userToken), asked)
	e := wantError(t, err, graph.Refused, meeting.ReasonClaims)
	if e.Claims != claims || result.Calls[0].Claims != claims {
		t.Errorf("claims %q, recorded as %q", e.Claims, result.Calls[0].Claims)
	}
	newToken := signIn(t, em, oauth2.SetAuthURLParam("claims", e.Claims))
	if _, err := c.CreateOrGet(t.Context(), graph.Me(newToken), asked); err != nil {
		t.Error(err)
	}
}

func TestChannelNeedsBeta(t *testing.T) {
	_, c, userToken := newEmulator(t)
	a := asked
	a.ThreadID = "19:c@thread.tacv2"
	made, err := c.CreateOrGet(t.Context(), graph.Me(userToken), a)
	if err != nil || made.Reply.ThreadID != a.ThreadID {
		t.Errorf("got %+v, %v; want a meeting in the channel", made.Reply, err)
	}
	c.BetaURL = c.BaseURL // v1.0 does not support meetings in channels
	a.ExternalID = "2"
	_, err = c.CreateOrGet(t.Context(), graph.Me(userToken), a)
	wantError(t, err, graph.Refused, meeting.ReasonBadRequest)
}

func TestDirectory(t *testing.T) {
	em, c, userToken := newEmulator(t)
	tomas := emulator.Cast()[1]
	want := meeting.Person{ObjectID: tomas.ObjectID, UPN: tomas.UPN, Name: tomas.Name}
	for _, token := range []string{userToken, programToken(t, em)} {
		for _, name := range []string{tomas.UPN, tomas.ObjectID} {
			if got, err := c.Person(t.Context(), token, name); err != nil || got.ObjectID != want.ObjectID || got.UPN != want.UPN || got.Name != want.Name {
				t.Errorf("%s: got %+v, %v; want %+v", name, got, err, want)
			}
		}
		_, err := c.Person(t.Context(), token, "nobody@contoso.example")
		if !graph.IsNotFound(err) {
			t.Errorf("unknown person: %v, want IsNotFound", err)
		}
		for text, n := range map[string]int{"tom": 1, "oliv tom": 1, `to"m`: 0, `x" OR "displayName:tom`: 0, "'": 0} {
			if got, err := c.SearchPeople(t.Context(), token, text); err != nil || len(got) != n || n == 1 && got[0].ObjectID != tomas.ObjectID {
				t.Errorf("%q: got %+v, %v; want %d people", text, got, err, n)
			}
		}
	}
	_, err := c.Person(t.Context(), "x", tomas.UPN)
	wantError(t, err, graph.Refused, meeting.ReasonSignIn)
}
