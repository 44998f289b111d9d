package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/selfcheck"
)

// The page shows the results of the last check and the permissions of the administrator's
// own token. Only one check runs at a time.
func TestCheckPage(t *testing.T) {
	t.Parallel()
	var runs, running, atOnce atomic.Int32
	s := newSite(t, func(settings *siteSettings) {
		settings.asked = []string{"openid", "offline_access", "User.Read", "https://graph.microsoft.com/OnlineMeetings.ReadWrite", "Calendars.Read"}
		settings.check = func(ctx context.Context) []selfcheck.Line {
			if at, ok := ctx.Deadline(); !ok || time.Until(at) > 15*time.Second {
				t.Errorf("a check may take until %v, want a limit of 15 seconds", at)
			}
			atOnce.Store(max(atOnce.Load(), running.Add(1)))
			defer running.Add(-1)
			time.Sleep(20 * time.Millisecond)
			runs.Add(1)
			return []selfcheck.Line{{
				Name: "issuer", State: selfcheck.Wrong, Outcome: "slash", Setting: "MEETDESK_ISSUER",
				Args: meeting.Args{"Found": "https://login.example/v2.0", "Want": "https://login.example/v2.0/"},
			}}
		}
	})
	a := s.signIn(alex)
	page := a.get("/admin/check").want(200, "Not checked since the start", "Not granted: Calendars.Read. Granted: openid", "grant admin consent")
	a.press(page, "Check now").want(200, "Remove the slash at the end of MEETDESK_ISSUER", "Setting: MEETDESK_ISSUER", "Not granted: Calendars.Read")
	done := make(chan bool)
	for range 4 {
		go func() {
			b := s.signIn(alex)
			b.press(b.get("/admin/check"), "Check now").want(200)
			done <- true
		}()
	}
	for range 4 {
		<-done
	}
	if atOnce.Load() != 1 {
		t.Errorf("%d checks at once", atOnce.Load())
	}
	before := runs.Load()
	s.SetAhead(time.Minute)
	began := time.Now()
	a.press(a.get("/admin/check"), "Check now").want(200, "Remove the slash")
	a.press(a.get("/admin/check"), "Check now").want(200, "Remove the slash")
	if runs.Load() != before+1 && time.Since(began) < 5*time.Second {
		t.Errorf("%d checks within a minute", runs.Load()-before)
	}
	s.signIn(dana).post("/admin/check", url.Values{}).want(403)
}

// A check goes on if its administrator leaves, because others may wait for its results.
func TestCheckOutlivesTheRequest(t *testing.T) {
	t.Parallel()
	var leave context.CancelFunc
	checked := make(chan error, 1)
	s := newSite(t, func(settings *siteSettings) {
		settings.check = func(ctx context.Context) []selfcheck.Line {
			leave()
			checked <- ctx.Err()
			return nil
		}
	})
	a := s.signIn(alex)
	form := formFields(a.get("/admin/check").want(200).doc.Find(`main form:contains("Check now")`).First())
	ctx, cancel := context.WithCancel(t.Context())
	leave = cancel
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, s.url+"/admin/check", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for _, c := range a.client.Jar.Cookies(mustURL(t, s.url)) {
		r.AddCookie(c)
	}
	s.server.ServeHTTP(httptest.NewRecorder(), r)
	select {
	case err := <-checked:
		if err != nil {
			t.Errorf("the check ended with its request: %v", err)
		}
	default:
		t.Error("nothing was checked")
	}
}
