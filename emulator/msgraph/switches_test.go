package msgraph_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"meetdesk/emulator"
	"meetdesk/emulator/emutest"
)

func TestFoldExternalIDCanBeChanged(t *testing.T) {
	s := emutest.New(t, func(o *emulator.Options) { o.Data = t.TempDir() })
	token := s.SignIn("priya@contoso.example").AccessToken
	lower, upper := s.Create(token, `{"externalId":"inc1"}`), s.Create(token, `{"externalId":"INC1"}`)
	s.Emulator.SetSwitches(emulator.Switches{FoldExternalID: true})
	if m := s.Create(token, `{"externalId":"Inc1"}`); m["id"] != upper["id"] {
		t.Errorf("folded: %v, want the newest meeting", m["externalId"])
	}
	s.Emulator.RemoveMeeting(upper["id"].(string))
	if m := s.Create(token, `{"externalId":"INC1"}`); m["id"] != lower["id"] {
		t.Errorf("folded: %v, want the remaining meeting", m["externalId"])
	}
	s.Emulator.SetSwitches(emulator.Switches{})
	if r, m := s.Graph("POST", emutest.CreateOrGet, token, `{"externalId":"INC1"}`); r.StatusCode != http.StatusCreated {
		t.Errorf("no longer folded: status %d: %v", r.StatusCode, m)
	}
}

func TestFoldExternalIDCanBeUndone(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	lower, upper := s.Create(token, `{"externalId":"inc1"}`), s.Create(token, `{"externalId":"INC1"}`)
	s.Emulator.SetSwitches(emulator.Switches{FoldExternalID: true})
	s.Emulator.SetSwitches(emulator.Switches{})
	s.Emulator.RemoveMeeting(lower["id"].(string))
	if m := s.Create(token, `{"externalId":"inc1"}`); m["id"] == upper["id"] {
		t.Error("the two external IDs are still the same")
	}
}

func TestSwitchesCanBeSetConcurrently(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			s.Emulator.SetSwitches(emulator.Switches{FoldExternalID: i%2 == 0, MaxSubject: 7})
			if s.Emulator.Switches().MaxSubject != 7 {
				t.Error("the switches were not set")
			}
			s.Raw("POST", emutest.CreateOrGet, token, []byte(`{"externalId":"1"}`))
		})
	}
	all.Wait()
	if n := s.Emulator.MeetingCount(); n != 1 {
		t.Errorf("%d meetings, want 1", n)
	}
	folded := s.Create(token, `{"externalId":"a"}`)["id"] == s.Create(token, `{"externalId":"A"}`)["id"]
	if switches := s.Emulator.Switches(); folded != switches.FoldExternalID {
		t.Errorf("folded is %v with the switches %+v", folded, switches)
	}
}

func TestChannelHidesAttendees(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	const invited = `"participants":{"attendees":[{"upn":"dana@contoso.example"}]}`
	for body, hidden := range map[string]bool{
		`{"externalId":"1",` + invited + `,"chatInfo":{"threadId":"19:x@thread.tacv2"}}`: true,
		`{"externalId":"2",` + invited + `}`:                                             false,
	} {
		for _, set := range []bool{false, true} {
			s.Emulator.SetSwitches(emulator.Switches{ChannelHidesAttendees: set})
			_, m := s.Graph("POST", "/beta/me/onlineMeetings/createOrGet", token, body)
			attendees, _ := emutest.At(m, "participants", "attendees").([]any)
			if want := !(hidden && set); (len(attendees) == 1) != want {
				t.Errorf("switch %v, %s: attendees %v", set, body, attendees)
			}
		}
	}
}

func TestInvalidSwitches(t *testing.T) {
	for _, w := range []emulator.Switches{{PolicyRefusal: "No"}, {MaxAttendees: -1}} {
		if e, err := emulator.New(emulator.Options{URL: "http://127.0.0.1:1", Key: emutest.Key(), Switches: w}); err == nil {
			e.Close()
			t.Errorf("%+v was accepted", w)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("an invalid switch was set")
		}
	}()
	emutest.New(t, nil).Emulator.SetSwitches(emulator.Switches{MaxPerSecond: -1})
}

func TestSimultaneousConflict(t *testing.T) {
	s := emutest.New(t, func(o *emulator.Options) { o.Switches.SimultaneousConflict = true })
	token := s.SignIn("priya@contoso.example").AccessToken
	synctest.Test(t, func(t *testing.T) {
		create := func(externalID string) int {
			body := []byte(`{"externalId":"` + externalID + `"}`)
			return s.Serve(s.Request("POST", emutest.CreateOrGet, token, body)).Code
		}
		start, first := time.Now(), make(chan int, 1)
		go func() { first <- create("1") }()
		synctest.Wait() // the first call is now creating the meeting
		if status := create("1"); status != http.StatusConflict {
			t.Errorf("the same meeting: status %d, want 409", status)
		}
		if status := create("another"); status != http.StatusCreated {
			t.Errorf("another meeting: status %d, want 201", status)
		}
		if status := <-first; status != http.StatusCreated {
			t.Errorf("the first call: status %d, want 201", status)
		}
		created := time.Now()
		if status := create("1"); status != http.StatusOK || created.Sub(start) != 100*time.Millisecond || !time.Now().Equal(created) {
			t.Errorf("the existing meeting: status %d; creating it took %v, finding it %v; want 200, 100 ms, nothing", status, created.Sub(start), time.Since(created))
		}
		for _, m := range s.Emulator.Meetings() {
			s.Emulator.RemoveMeeting(m.ID)
		}
		s.Emulator.SetLatency(time.Second)
		start = time.Now()
		if status := create("1"); status != http.StatusCreated || time.Since(start) != 2*time.Second {
			t.Errorf("the removed meeting: status %d after %v, want 201 after twice the latency", status, time.Since(start))
		}
	})
}

func TestThrottle(t *testing.T) {
	for _, tt := range []struct {
		switches   emulator.Switches
		retryAfter string
	}{
		{emulator.Switches{MaxPerSecond: 2}, "1"},
		{emulator.Switches{MaxPerSecond: 2, ThrottleWithoutRetryAfter: true}, ""},
	} {
		s := emutest.New(t, func(o *emulator.Options) { o.Switches = tt.switches })
		token := s.SignIn("priya@contoso.example").AccessToken
		for i, want := range []int{201, 200, 429, 429} {
			r, m := s.Graph("POST", emutest.CreateOrGet, token, `{"externalId":"1"}`)
			if r.StatusCode != want {
				t.Fatalf("request %d: status %d, want %d: %v", i+1, r.StatusCode, want, m)
			}
			if want == 429 && (r.Header.Get("Retry-After") != tt.retryAfter || emutest.At(m, "error", "code") != "TooManyRequests" || emutest.At(m, "error", "innerError", "code") != "429") {
				t.Errorf("Retry-After %q, want %q: %v", r.Header.Get("Retry-After"), tt.retryAfter, m)
			}
		}
		if r, _ := s.Graph("GET", "/v1.0/me", token, ""); r.StatusCode != 200 {
			t.Errorf("GET /me is throttled too: status %d", r.StatusCode)
		}
	}
}

func TestPolicyRefusal(t *testing.T) {
	dana := emutest.Person("dana@contoso.example").ObjectID
	for form, want := range map[string]struct{ code, message string }{
		"":                          {"Forbidden", "No application access policy found for this app"},
		emulator.PolicyForbidden:    {"Forbidden", "No application access policy found for this app"},
		emulator.PolicyGeneral:      {"General", "No application access policy found for this app"},
		emulator.PolicyUnauthorized: {"Unauthorized", "App " + emulator.DefaultAppClientID + " is not authorized to Create meeting on behalf of user " + dana},
	} {
		s := emutest.New(t, func(o *emulator.Options) { emutest.WithApp(o); o.Switches.PolicyRefusal = form })
		r, m := s.Graph("POST", "/v1.0/users/"+dana+"/onlineMeetings/createOrGet", s.AppToken(), `{"externalId":"1"}`)
		if r.StatusCode != 403 || emutest.At(m, "error", "code") != want.code || emutest.At(m, "error", "message") != want.message {
			t.Errorf("%q: status %d: %v", form, r.StatusCode, m)
		}
	}
}

func TestClockAhead(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example")
	s.Emulator.SetClockAhead(75*time.Minute + time.Minute)
	if r, _ := s.Graph("GET", "/v1.0/me", token.AccessToken, ""); r.StatusCode != 401 {
		t.Errorf("status %d with an expired token", r.StatusCode)
	}
	fresh, err := s.Refresh(token.RefreshToken)
	if err != nil {
		t.Fatal(err)
	}
	if m := s.Create(fresh.AccessToken, `{"externalId":"1"}`); !strings.HasPrefix(m["creationDateTime"].(string), s.Clock.Now().Add(75*time.Minute+time.Minute).UTC().Format("2006-01-02T15:04")) {
		t.Errorf("created %v", m["creationDateTime"])
	}
}
