package web_test

import (
	"net/url"
	"strings"
	"testing"

	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/testenv"
)

const channelThread = "19:7ebda77322dd4505ac4dedb5b67df076@thread.tacv2"

// TestMeetingInChannel checks that the page of a channel meeting shows which attendees are
// missing from Graph's response.
func TestMeetingInChannel(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withBeta, withSwitches(emulator.Switches{ChannelHidesAttendees: true}))
	b := s.signIn(priya)
	if b.get("/meetings/new").doc.Find(`[name="thread_id"]`).Length() != 1 {
		t.Error("the form has no field for the channel")
	}
	p := b.post("/meetings", s.form("thread_id", " "+channelThread+" ", "attendees", "dana@contoso.example")).want(200, "Created", channelThread)
	comparison := p.doc.Find(".asked").Text()
	if !strings.Contains(comparison, "dana@contoso.example") || !strings.Contains(comparison, "Nobody") {
		t.Errorf("the page does not show that Graph omitted the people:\n%s", p.text())
	}
	request := s.graph.Requests()[0]
	if request.Path != "/beta/me/onlineMeetings/createOrGet" || !strings.Contains(string(request.Body), `"chatInfo":{"threadId":"`+channelThread+`"}`) {
		t.Errorf("Graph got %s %s", request.Path, request.Body)
	}

	t.Run("dismiss the difference", func(t *testing.T) {
		p := b.post("/attempts/1/dismiss", nil).want(200)
		if p.doc.Find(".asked").Length() != 0 {
			t.Errorf("the dismissed difference is still shown:\n%s", p.text())
		}
		if a := attempts(t, s, 1)[0]; a.State != meeting.AttemptDone || !a.Accepted || a.Outcome != meeting.OutcomeCreated {
			t.Errorf("the attempt is %s, %s, accepted %v", a.State, a.Outcome, a.Accepted)
		}
	})
	t.Run("v1.0 without a channel", func(t *testing.T) {
		b.post("/meetings", s.form("external_id", "INC2")).want(200, "Created")
		last := s.graph.Requests()[len(s.graph.Requests())-1]
		if last.Path != "/v1.0/me/onlineMeetings/createOrGet" || strings.Contains(string(last.Body), "chatInfo") {
			t.Errorf("Graph got %s %s", last.Path, last.Body)
		}
	})
	t.Run("invalid thread IDs", func(t *testing.T) {
		for _, bad := range []string{"General", "19:abc", "abc@thread.tacv2", "19:@thread.tacv2", "19:a b@thread.tacv2", "19:" + strings.Repeat("x", 300) + "@thread.tacv2"} {
			wantProblem(t, b.post("/meetings", s.form("external_id", "INC3", "thread_id", bad)).want(422), "thread_id", "")
		}
	})
}

func TestChannelsNeedBeta(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	if b.get("/meetings/new?"+url.Values{"thread_id": {channelThread}}.Encode()).doc.Find(`[name="thread_id"]`).Length() != 0 {
		t.Error("the form has a field for the channel")
	}
	p := b.post("/meetings", s.form("thread_id", channelThread, "subject", "Typed")).want(422, "channel")
	wantFormKept(t, p, s.form("subject", "Typed"))
	wantNothingSent(t, s)
}
