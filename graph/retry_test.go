package graph_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"meetdesk/graph"
	"meetdesk/meeting"
)

// TestTries is about several answers in a row.
func TestTries(t *testing.T) {
	for _, tt := range []struct {
		name    string
		steps   []http.HandlerFunc
		kind    graph.Kind // "" for success
		reason  meeting.Reason
		calls   int
		created bool
	}{
		{"at once", []http.HandlerFunc{says(201, minimal)}, "", "", 1, true},
		{"found", []http.HandlerFunc{says(200, minimal)}, "", "", 1, false},
		{"after 429", []http.HandlerFunc{refuses(429, "x"), says(201, minimal)}, "", "", 2, true},
		{"after a drop it is found", []http.HandlerFunc{drops, says(200, minimal)}, "", "", 2, false},
		{"after two kinds", []http.HandlerFunc{cuts(201), refuses(503, "x"), says(200, minimal)}, "", "", 3, false},
		{"three and no more", []http.HandlerFunc{refuses(500, "x"), says(200, "{"), refuses(429, "x"), says(201, minimal)}, graph.Unsure, meeting.ReasonThrottled, 3, false},
		{"a refusal does not undo an unsure try", []http.HandlerFunc{drops, refuses(403, "Forbidden")}, graph.Unsure, meeting.ReasonForbidden, 2, false},
		{"nor does it before one", []http.HandlerFunc{refuses(429, "x"), refuses(403, "Forbidden")}, graph.Refused, meeting.ReasonForbidden, 2, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPeer(t, tt.steps...)
			result, err := p.client().CreateOrGet(t.Context(), graph.Me(token), asked)
			if tt.kind != "" {
				wantError(t, err, tt.kind, tt.reason)
			} else if err != nil || result.Reply.GraphID != "M1" || result.Reply.Created != tt.created {
				t.Errorf("%+v, %v; want the meeting, created %v", result.Reply, err, tt.created)
			}
			if len(result.Calls) != tt.calls {
				t.Fatalf("%d calls, want %d: %+v", len(result.Calls), tt.calls, result.Calls)
			}
			ids := map[string]bool{}
			for i, r := range p.requests() {
				id := r.Header.Get("client-request-id")
				if ids[id] = true; id != result.Calls[i].ClientRequestID || uuid.Validate(id) != nil {
					t.Errorf("try %d went as %q, recorded as %q", i, id, result.Calls[i].ClientRequestID)
				}
				if r.body != p.requests()[0].body || r.body == "" {
					t.Errorf("try %d sent %q", i, r.body)
				}
			}
			if len(ids) != tt.calls {
				t.Errorf("%d ids for %d calls", len(ids), tt.calls)
			}
		})
	}
}

// TestReadIsNeverUnsure: what was only looked at cannot have been changed.
func TestReadIsNeverUnsure(t *testing.T) {
	p := newPeer(t, refuses(500, "x"), refuses(404, "NotFound"))
	_, err := p.client().Meeting(t.Context(), graph.Me(token), meetID)
	wantError(t, err, graph.Refused, meeting.ReasonNotFound)
}

func TestRetryAfter(t *testing.T) {
	now := time.Now().UTC().Truncate(time.Second)
	date := func(in time.Duration) string { return now.Add(in).Format(http.TimeFormat) }
	for _, tt := range []struct {
		name    string
		header  []string
		budget  time.Duration
		told    time.Duration
		calls   int
		atLeast time.Duration
		through bool
	}{
		{"seconds", []string{"Retry-After", "1"}, 20 * time.Second, 0, 2, time.Second, true},
		{"date", []string{"Retry-After", date(time.Second), "Date", date(0)}, 20 * time.Second, 0, 2, time.Second, true},
		{"date by a clock that is behind", []string{"Retry-After", date(-time.Hour + time.Second), "Date", date(-time.Hour)}, 20 * time.Second, 0, 2, time.Second, true},
		{"past", []string{"Retry-After", date(-time.Minute), "Date", date(0)}, 20 * time.Second, 0, 2, 0, true},
		{"nonsense", []string{"Retry-After", "soon"}, 20 * time.Second, 0, 2, 0, true},
		{"longer than there is time", []string{"Retry-After", "30"}, 5 * time.Second, 30 * time.Second, 1, 0, false},
		{"longer than any time", []string{"Retry-After", "99999999999999999"}, 5 * time.Second, 24 * time.Hour, 1, 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := newPeer(t, refuses(429, "TooManyRequests", tt.header...), says(201, minimal))
			begun := time.Now()
			result, err := p.client().UpdateMeeting(within(t, tt.budget), graph.Me(token), meetID, whole(asked))
			took := time.Since(begun)
			if len(result.Calls) != tt.calls || took < tt.atLeast || took > tt.atLeast+2*time.Second {
				t.Errorf("%d calls in %v, want %d in a little over %v", len(result.Calls), took, tt.calls, tt.atLeast)
			}
			if tt.through {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if e := wantError(t, err, graph.Refused, meeting.ReasonThrottled); e.RetryAfter != tt.told {
				t.Errorf("retry after %v, want %v", e.RetryAfter, tt.told)
			}
		})
	}
}

// TestBackOff: without a word from Graph the pauses are about 0.3 s and 0.9 s.
func TestBackOff(t *testing.T) {
	t.Parallel()
	p := newPeer(t, refuses(503, "ServiceUnavailable"))
	c := p.client()
	c.Pause = 0
	result, err := c.CreateOrGet(t.Context(), graph.Me(token), asked)
	wantError(t, err, graph.Refused, meeting.ReasonBusy)
	if len(result.Calls) != 3 {
		t.Fatalf("%d calls", len(result.Calls))
	}
	for i, want := range []time.Duration{300 * time.Millisecond, 900 * time.Millisecond} {
		gap := result.Calls[i+1].StartedAt.Sub(result.Calls[i].StartedAt)
		if gap < want*3/4 || gap > want*5/4+time.Second {
			t.Errorf("pause %d was %v, want about %v", i, gap, want)
		}
	}
}

// TestGivenUp: a caller who goes while the desk waits ends the operation.
func TestGivenUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	p := newPeer(t, refuses(429, "TooManyRequests", "Retry-After", "60"))
	time.AfterFunc(50*time.Millisecond, cancel)
	begun := time.Now()
	result, err := p.client().CreateOrGet(ctx, graph.Me(token), asked)
	wantError(t, err, graph.Refused, meeting.ReasonThrottled)
	if took := time.Since(begun); took > 5*time.Second || len(result.Calls) != 1 {
		t.Errorf("%d calls in %v", len(result.Calls), took)
	}
}
