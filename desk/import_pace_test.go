package desk

import (
	"testing"
	"time"

	"meetdesk/meeting"
)

// The rate becomes a little less than the one at which Graph refused a call. It grows
// again, but slowly once it comes near the refused rate.
func TestPaceLearns(t *testing.T) {
	var p pace
	now := time.Now()
	refused := meeting.Attempt{Calls: []meeting.Call{{Status: 429}, {Status: 201}}}
	end := func(rows int, every time.Duration, last meeting.Attempt) {
		for i := range rows {
			now = now.Add(every)
			a := meeting.Attempt{}
			if i == rows-1 {
				a = last
			}
			p.note(a, now)
		}
	}
	want := func(when string, low, high float64) {
		t.Helper()
		if got := float64(p.limiter.Limit()); got < low || got > high {
			t.Errorf("%s, the limit is %.2f rows a second, want %.2f to %.2f", when, got, low, high)
		}
	}
	end(20, 100*time.Millisecond, meeting.Attempt{})
	if p.limits() {
		t.Error("rows wait although nothing was refused")
	}
	end(1, 100*time.Millisecond, refused)
	want("after a refusal at ten a second", 9.4, 10.1)
	before := float64(p.limiter.Limit())
	end(8, 100*time.Millisecond, refused)
	want("after more refusals of the same moment", before, before)
	end(500, 100*time.Millisecond, meeting.Attempt{})
	want("50 seconds later", before*1.04, before*1.06)
	end(1, 100*time.Millisecond, refused)
	end(20, 500*time.Millisecond, refused)
	want("after a refusal at two a second", 1.8, 2)
	p.refused = 10 // as if it had been refused at a higher rate
	end(20, time.Second, meeting.Attempt{})
	want("20 seconds later, far below the refused rate", 2.05, 2.4)
}
