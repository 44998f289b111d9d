package graph_test

import (
	"strings"
	"testing"

	"meetdesk/graph"
	"meetdesk/meeting"
)

// operations contains every operation on meetings. The string is a meeting's ID, which
// some of the functions ignore.
var operations = map[string]func(*testing.T, *graph.Client, graph.As, string) (graph.Result, error){
	"create": func(t *testing.T, c *graph.Client, as graph.As, _ string) (graph.Result, error) {
		return c.CreateOrGet(t.Context(), as, asked)
	},
	"read": func(t *testing.T, c *graph.Client, as graph.As, id string) (graph.Result, error) {
		return c.Meeting(t.Context(), as, id)
	},
	"find": func(t *testing.T, c *graph.Client, as graph.As, _ string) (graph.Result, error) {
		return c.MeetingByJoinURL(t.Context(), as, "https://teams.example/1")
	},
	"update": func(t *testing.T, c *graph.Client, as graph.As, id string) (graph.Result, error) {
		return c.UpdateMeeting(t.Context(), as, id, fullPatch(asked))
	},
	"set": func(t *testing.T, c *graph.Client, as graph.As, id string) (graph.Result, error) {
		return c.UpdateMeeting(t.Context(), as, id, graph.Patch{Options: meeting.Options{}.With(meeting.OptionRecord, meeting.On)})
	},
	"remove": func(t *testing.T, c *graph.Client, as graph.As, id string) (graph.Result, error) {
		return c.RemoveMeeting(t.Context(), as, id)
	},
}

// TestTokenAndPath checks that a person's token is sent only to /me, and the program's
// token only to the organizer's path.
func TestTokenAndPath(t *testing.T) {
	for _, who := range []struct {
		as          graph.As
		owner, auth string
	}{
		{graph.Me("hers"), "/v1.0/me/onlineMeetings", "Bearer hers"},
		{graph.For("oid-p/1", "its"), "/v1.0/users/oid-p%2F1/onlineMeetings", "Bearer its"},
	} {
		for name, run := range operations {
			p := newPeer(t, responds(200, ""))
			_, _ = run(t, p.client(), who.as, meetID)
			for _, r := range p.requests() {
				rest, ok := strings.CutPrefix(r.RequestURI, who.owner)
				if !ok || rest == "" || rest[0] != '/' && rest[0] != '?' || r.Header.Get("Authorization") != who.auth {
					t.Errorf("%s: sent %q with %q, want a path below %s", name, r.RequestURI, r.Header.Get("Authorization"), who.owner)
				}
			}
			if len(p.requests()) == 0 {
				t.Errorf("%s: nothing was sent", name)
			}
		}
	}
}

func TestUnusableIDsAreNotSent(t *testing.T) {
	p := newPeer(t, responds(200, minimalMeeting))
	refused := func(what string, result graph.Result, err error) {
		t.Helper()
		if e := wantError(t, err, graph.NotSent, meeting.ReasonBadRequest); e.Err == nil || len(result.Calls) > 0 {
			t.Errorf("%s: error %v with calls %+v, want a reason and no calls", what, e, result.Calls)
		}
	}
	for name, as := range map[string]graph.As{
		"zero": {}, "no token": graph.Me(""), "organizer without a token": graph.For("oid-p", ""),
		"no organizer": graph.For("", token), "blank": graph.For(" ", token), "parent": graph.For("..", token),
		"UPN": graph.For("priya@contoso.example", token),
	} {
		for what, run := range operations {
			result, err := run(t, p.client(), as, meetID)
			refused(name+" "+what, result, err)
		}
	}
	for _, id := range []string{"", " ", ".", "..", "\t\n"} {
		for _, what := range []string{"read", "update", "set", "remove"} {
			result, err := operations[what](t, p.client(), graph.Me(token), id)
			refused(what+" "+id, result, err)
		}
		_, err := p.client().Person(t.Context(), token, id)
		refused("person "+id, graph.Result{}, err)
	}
	_, err := p.client().Person(t.Context(), "", "a@contoso.example")
	refused("person without a token", graph.Result{}, err)
	_, err = p.client().SearchPeople(t.Context(), "", "a")
	refused("search without a token", graph.Result{}, err)
	_, err = p.client().MeetingByJoinURL(t.Context(), graph.Me(token), " ")
	wantError(t, err, graph.NotSent, meeting.ReasonBadRequest)
	for _, o := range []struct {
		option meeting.Option
		value  string
	}{{meeting.OptionRecord, "true"}, {meeting.OptionLobby, "unknownFutureValue"}, {meeting.OptionAnnounce, ""}, {"chat", meeting.On}} {
		_, err = p.client().UpdateMeeting(t.Context(), graph.Me(token), meetID, graph.Patch{Options: meeting.Options{}.With(o.option, o.value)})
		wantError(t, err, graph.NotSent, meeting.ReasonBadRequest)
	}
	if n := len(p.requests()); n != 0 {
		t.Errorf("%d requests were sent, the first to %s", n, p.requests()[0].RequestURI)
	}
}
