package graph_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"meetdesk/graph"
	"meetdesk/meeting"
)

func TestTries(t *testing.T) {
	for _, tt := range []struct {
		name    string
		steps   []http.HandlerFunc
		kind    graph.Kind // "" for success
		reason  meeting.Reason
		calls   int
		created bool
	}{
		{"created at once", []http.HandlerFunc{responds(201, minimalMeeting)}, "", "", 1, true},
		{"found at once", []http.HandlerFunc{responds(200, minimalMeeting)}, "", "", 1, false},
		{"after 429", []http.HandlerFunc{graphError(429, "x"), responds(201, minimalMeeting)}, "", "", 2, true},
		{"found after a dropped connection", []http.HandlerFunc{dropConnection, responds(200, minimalMeeting)}, "", "", 2, false},
		{"found after two failures", []http.HandlerFunc{truncate(201), graphError(503, "x"), responds(200, minimalMeeting)}, "", "", 3, false},
		{"three tries at most", []http.HandlerFunc{graphError(500, "x"), responds(200, "{"), graphError(429, "x"), responds(201, minimalMeeting)}, graph.Unsure, meeting.ReasonThrottled, 3, false},
		{"refused after an unsure try", []http.HandlerFunc{dropConnection, graphError(403, "Forbidden")}, graph.Unsure, meeting.ReasonForbidden, 2, false},
		{"refused after throttling", []http.HandlerFunc{graphError(429, "x"), graphError(403, "Forbidden")}, graph.Refused, meeting.ReasonForbidden, 2, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPeer(t, tt.steps...)
			result, err := p.client().CreateOrGet(t.Context(), graph.Me(token), asked)
			if tt.kind != "" {
				wantError(t, err, tt.kind, tt.reason)
			} else if err != nil || result.Reply.GraphID != "M1" || result.Reply.Created != tt.created {
				t.Errorf("got %+v, %v; want the meeting with created %v", result.Reply, err, tt.created)
			}
			if len(result.Calls) != tt.calls {
				t.Fatalf("%d calls, want %d: %+v", len(result.Calls), tt.calls, result.Calls)
			}
			ids := map[string]bool{}
			for i, r := range p.requests() {
				id := r.Header.Get("client-request-id")
				if ids[id] = true; id != result.Calls[i].ClientRequestID || uuid.Validate(id) != nil {
					t.Errorf("try %d was sent as %q and recorded as %q", i, id, result.Calls[i].ClientRequestID)
				}
				if r.body != p.requests()[0].body || r.body == "" {
					t.Errorf("try %d sent the body %q", i, r.body)
				}
			}
			if len(ids) != tt.calls {
				t.Errorf("%d IDs for %d calls", len(ids), tt.calls)
			}
		})
	}
}

func TestReadIsNeverUnsure(t *testing.T) {
	p := newPeer(t, graphError(500, "x"), graphError(404, "NotFound"))
	_, err := p.client().Meeting(t.Context(), graph.Me(token), meetID)
	wantError(t, err, graph.Refused, meeting.ReasonNotFound)
}

func TestRetryAfter(t *testing.T) {
	const hour = time.Hour
	for _, tt := range []struct {
		name    string
		header  func(now time.Time) []string
		timeout time.Duration
		pause   time.Duration // the expected pause before the second try; 0 if no second try is expected
		inError time.Duration // the error's expected RetryAfter if no second try is expected
	}{
		{"seconds", retryAfter("7"), hour, 7 * time.Second, 0},
		{"date", retryAt(7*time.Second, 0), hour, 7 * time.Second, 0},
		{"date of a clock that is an hour behind", retryAt(7*time.Second-hour, -hour), hour, 7 * time.Second, 0},
		{"date in the past", retryAt(-time.Minute, 0), hour, defaultPause, 0},
		{"neither seconds nor a date", retryAfter("soon"), hour, defaultPause, 0},
		{"as long as the deadline", retryAfter("30"), 30 * time.Second, 0, 30 * time.Second},
		{"just shorter than the deadline", retryAfter("30"), 30*time.Second + 1, 30 * time.Second, 0},
		{"longer than a day", retryAfter("99999999999999999"), 5 * time.Second, 0, 24 * time.Hour},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, c := newPipePeer(t, graphError(429, "TooManyRequests", tt.header(time.Now())...), responds(201, minimalMeeting))
				c.Pause = defaultPause
				begun := time.Now()
				result, err := c.UpdateMeeting(withTimeout(t, tt.timeout), graph.Me(token), meetID, fullPatch(asked))
				if tt.pause == 0 {
					if e := wantError(t, err, graph.Refused, meeting.ReasonThrottled); e.RetryAfter != tt.inError {
						t.Errorf("the error says to retry after %v, want %v", e.RetryAfter, tt.inError)
					}
					if waited := time.Since(begun); waited != 0 || len(result.Calls) != 1 {
						t.Errorf("%d calls after waiting for %v, want one without waiting", len(result.Calls), waited)
					}
					return
				}
				if err != nil || len(result.Calls) != 2 {
					t.Fatalf("%d calls, %v; want 2 and success", len(result.Calls), err)
				}
				wantPause(t, result.Calls, 0, tt.pause, tt.pause != defaultPause)
			})
		})
	}
}

// defaultPause is the pause before the second try if Client.Pause is 0.
const defaultPause = 300 * time.Millisecond

func retryAfter(value string) func(time.Time) []string {
	return func(time.Time) []string { return []string{"Retry-After", value} }
}

// retryAt returns a function that returns two headers: Retry-After with a date, and Date.
// Both dates are relative to the test's clock.
func retryAt(at, date time.Duration) func(time.Time) []string {
	return func(now time.Time) []string {
		return []string{"Retry-After", now.UTC().Add(at).Format(http.TimeFormat), "Date", now.UTC().Add(date).Format(http.TimeFormat)}
	}
}

// wantPause checks the pause between calls[after] and the next call. Unless exact is set,
// the pause may differ from want by up to a quarter.
func wantPause(t *testing.T, calls []meeting.Call, after int, want time.Duration, exact bool) {
	t.Helper()
	pause := calls[after+1].StartedAt.Sub(calls[after].StartedAt)
	if exact && pause != want || pause < want*3/4 || pause > want*5/4 {
		t.Errorf("pause %v after call %d, want %v", pause, after, want)
	}
}

func TestBackOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, c := newPipePeer(t, graphError(503, "ServiceUnavailable"))
		c.Pause = 0
		result, err := c.CreateOrGet(t.Context(), graph.Me(token), asked)
		wantError(t, err, graph.Refused, meeting.ReasonBusy)
		if len(result.Calls) != 3 {
			t.Fatalf("%d calls, want 3", len(result.Calls))
		}
		wantPause(t, result.Calls, 0, defaultPause, false)
		wantPause(t, result.Calls, 1, 3*defaultPause, false)
	})
}

func TestCancelDuringPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, c := newPipePeer(t, graphError(429, "TooManyRequests", "Retry-After", "60"))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(7*time.Second, cancel)
		begun := time.Now()
		result, err := c.CreateOrGet(ctx, graph.Me(token), asked)
		wantError(t, err, graph.Refused, meeting.ReasonThrottled)
		if took := time.Since(begun); took != 7*time.Second || len(result.Calls) != 1 {
			t.Errorf("%d calls in %v, want 1 in 7s", len(result.Calls), took)
		}
	})
}
