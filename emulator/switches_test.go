package emulator

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestFoldingCanBeSwitchedWhileItRuns(t *testing.T) {
	s := newSite(t, func(o *Options) { o.Data = t.TempDir() })
	token := s.signIn("priya@contoso.example").AccessToken
	small, large := s.create(token, `{"externalId":"inc1"}`), s.create(token, `{"externalId":"INC1"}`)
	s.e.SetSwitches(Switches{FoldExternalID: true})
	if m := s.create(token, `{"externalId":"Inc1"}`); m["id"] != large["id"] {
		t.Errorf("folded: %v, want the newest", m["externalId"])
	}
	s.e.RemoveMeeting(large["id"].(string))
	if m := s.create(token, `{"externalId":"INC1"}`); m["id"] != small["id"] {
		t.Errorf("folded: %v, want the one that is left", m["externalId"])
	}
	s.e.SetSwitches(Switches{})
	if r, m := s.graph("POST", createIt, token, `{"externalId":"INC1"}`); r.StatusCode != http.StatusCreated {
		t.Errorf("no longer folded: status %d: %v", r.StatusCode, m)
	}
}

func TestFoldingLeavesNothingBehind(t *testing.T) {
	s := newSite(t, nil)
	token := s.signIn("priya@contoso.example").AccessToken
	small, large := s.create(token, `{"externalId":"inc1"}`), s.create(token, `{"externalId":"INC1"}`)
	s.e.SetSwitches(Switches{FoldExternalID: true})
	s.e.SetSwitches(Switches{})
	s.e.RemoveMeeting(small["id"].(string))
	if m := s.create(token, `{"externalId":"inc1"}`); m["id"] == large["id"] {
		t.Error("the two are still one")
	}
}

func TestSwitchesCanBeSetByAnybodyAtAnyTime(t *testing.T) {
	s := newSite(t, nil)
	token := s.signIn("priya@contoso.example").AccessToken
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			s.e.SetSwitches(Switches{FoldExternalID: i%2 == 0, MaxSubject: 7})
			if s.e.Switches().MaxSubject != 7 {
				t.Error("not set")
			}
			s.raw("POST", createIt, token, []byte(`{"externalId":"1"}`))
		})
	}
	all.Wait()
	if s.e.state.fold != s.e.Switches().FoldExternalID || s.e.MeetingCount() != 1 {
		t.Errorf("fold %v, switches %+v, %d meetings", s.e.state.fold, s.e.Switches(), s.e.MeetingCount())
	}
}

func TestSwitchesThatAreNot(t *testing.T) {
	for _, w := range []Switches{{PolicyRefusal: "No"}, {MaxAttendees: -1}} {
		if e, err := New(Options{URL: "http://127.0.0.1:1", Key: testKey(), Switches: w}); err == nil {
			e.Close()
			t.Errorf("%+v was accepted", w)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("set all the same")
		}
	}()
	newSite(t, nil).e.SetSwitches(Switches{MaxPerSecond: -1})
}

func TestSimultaneousFirstCalls(t *testing.T) {
	s := newSite(t, func(o *Options) { o.Switches.SimultaneousConflict = true })
	token := s.signIn("priya@contoso.example").AccessToken
	const window = 300 * time.Millisecond // wide, for a machine that is busy
	s.e.SetLatency(window)
	statuses := make(chan int, 2)
	var both sync.WaitGroup
	for range 2 {
		r := s.request("POST", createIt, token, []byte(`{"externalId":"1"}`))
		both.Go(func() {
			got, err := s.browser.Do(r)
			if err != nil {
				t.Error(err)
				return
			}
			got.Body.Close()
			statuses <- got.StatusCode
		})
		time.Sleep(window / 10)
	}
	if r, m := s.graph("POST", createIt, token, `{"externalId":"another"}`); r.StatusCode != http.StatusCreated {
		t.Errorf("another meeting: status %d: %v", r.StatusCode, m)
	}
	both.Wait()
	if one, other := <-statuses, <-statuses; one+other != 201+409 {
		t.Errorf("statuses %d and %d, want 201 and 409", one, other)
	}
	began := time.Now()
	if r, m := s.graph("POST", createIt, token, `{"externalId":"1"}`); r.StatusCode != http.StatusOK || time.Since(began) >= 2*window {
		t.Errorf("afterwards: status %d after %v: %v", r.StatusCode, time.Since(began), m)
	}
	s.e.SetLatency(0)
	for _, m := range s.e.Meetings() {
		s.e.RemoveMeeting(m.ID)
	}
	if r, m := s.graph("POST", createIt, token, `{"externalId":"1"}`); r.StatusCode != http.StatusCreated {
		t.Errorf("once it was removed: status %d: %v", r.StatusCode, m)
	}
}

func TestThrottle(t *testing.T) {
	for _, tt := range []struct {
		switches   Switches
		retryAfter string
	}{
		{Switches{MaxPerSecond: 2}, "1"},
		{Switches{MaxPerSecond: 2, ThrottleWithoutRetryAfter: true}, ""},
	} {
		s := newSite(t, func(o *Options) { o.Switches = tt.switches })
		token := s.signIn("priya@contoso.example").AccessToken
		for i, want := range []int{201, 200, 429, 429} {
			r, m := s.graph("POST", createIt, token, `{"externalId":"1"}`)
			if r.StatusCode != want {
				t.Fatalf("request %d: status %d, want %d: %v", i+1, r.StatusCode, want, m)
			}
			if want == 429 && (r.Header.Get("Retry-After") != tt.retryAfter || at(m, "error", "code") != "TooManyRequests" || at(m, "error", "innerError", "code") != "429") {
				t.Errorf("Retry-After %q, want %q: %v", r.Header.Get("Retry-After"), tt.retryAfter, m)
			}
		}
		if r, _ := s.graph("GET", "/v1.0/me", token, ""); r.StatusCode != 200 {
			t.Errorf("GET /me is throttled with the meetings: status %d", r.StatusCode)
		}
	}
	var limit throttle
	began := time.Now()
	for i, want := range []bool{false, true} {
		if limit.over(1, began.Add(time.Duration(i)*999*time.Millisecond)) != want {
			t.Errorf("request %d: over is %v", i+1, !want)
		}
	}
	if limit.over(1, began.Add(2*time.Second)) {
		t.Error("still over a second later")
	}
}

func TestFormsOfAMissingPolicy(t *testing.T) {
	dana := person("dana@contoso.example").ObjectID
	for form, want := range map[string]struct{ code, message string }{
		"":                 {"Forbidden", "No application access policy found for this app"},
		PolicyForbidden:    {"Forbidden", "No application access policy found for this app"},
		PolicyGeneral:      {"General", "No application access policy found for this app"},
		PolicyUnauthorized: {"Unauthorized", "App " + DefaultAppClientID + " is not authorized to Create meeting on behalf of user " + dana},
	} {
		s := newSite(t, func(o *Options) { withApp(o); o.Switches.PolicyRefusal = form })
		r, m := s.graph("POST", "/v1.0/users/"+dana+"/onlineMeetings/createOrGet", s.appToken(), `{"externalId":"1"}`)
		if r.StatusCode != 403 || at(m, "error", "code") != want.code || at(m, "error", "message") != want.message {
			t.Errorf("%q: status %d: %v", form, r.StatusCode, m)
		}
	}
}

func TestClockAhead(t *testing.T) {
	s := newSite(t, nil)
	token := s.signIn("priya@contoso.example")
	s.e.SetClockAhead(accessTokenLife + time.Minute)
	if r, _ := s.graph("GET", "/v1.0/me", token.AccessToken, ""); r.StatusCode != 401 {
		t.Errorf("status %d with an expired token", r.StatusCode)
	}
	fresh, err := s.refresh(token.RefreshToken)
	if err != nil {
		t.Fatal(err)
	}
	if m := s.create(fresh.AccessToken, `{"externalId":"1"}`); !strings.HasPrefix(m["creationDateTime"].(string), s.clock.Now().Add(accessTokenLife+time.Minute).UTC().Format("2006-01-02T15:04")) {
		t.Errorf("created %v", m["creationDateTime"])
	}
}
