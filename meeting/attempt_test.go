package meeting_test

import (
	"testing"
	"time"

	"meetdesk/meeting"
)

func TestUnsureSince(t *testing.T) {
	at := func(minute int) time.Time { return time.Date(2027, 3, 3, 10, minute, 0, 0, time.UTC) }
	unanswered := func(minute int) []meeting.Call {
		return []meeting.Call{{Status: 403, StartedAt: at(minute - 1)}, {Unsure: true, StartedAt: at(minute)}}
	}
	refused := []meeting.Call{{Status: 403, StartedAt: at(0)}}
	for _, tt := range []struct {
		name     string
		attempts []meeting.Attempt // newest first
		want     time.Time         // zero if no call is unsure
	}{
		{"no attempts", nil, time.Time{}},
		{"a refusal", []meeting.Attempt{{State: meeting.AttemptFailed, Calls: refused, CreatedAt: at(1)}}, time.Time{}},
		{"an unanswered call", []meeting.Attempt{{State: meeting.AttemptUnfinished, Calls: unanswered(1)}}, at(1)},
		{"the first of two", []meeting.Attempt{
			{State: meeting.AttemptUnfinished, Calls: unanswered(5)},
			{State: meeting.AttemptSuperseded, Calls: unanswered(1)}}, at(1)},
		{"an attempt without a record", []meeting.Attempt{{State: meeting.AttemptPending, UpdatedAt: at(2)}}, at(2)},
		{"a retry without a record", []meeting.Attempt{{State: meeting.AttemptPending, Calls: refused, CreatedAt: at(1), UpdatedAt: at(3)}}, at(3)},
		{"an older attempt that a done one settles", []meeting.Attempt{
			{State: meeting.AttemptFailed, Calls: refused, CreatedAt: at(9)},
			{State: meeting.AttemptDone, CreatedAt: at(5)},
			{State: meeting.AttemptSuperseded, Calls: unanswered(1)}}, time.Time{}},
	} {
		for i := range tt.attempts {
			tt.attempts[i].Kind = meeting.KindCreate
		}
		since, unsure := meeting.UnsureSince(tt.attempts)
		if !since.Equal(tt.want) || unsure == tt.want.IsZero() {
			t.Errorf("%s: %v since %s, want since %s", tt.name, unsure, since, tt.want)
		}
	}
}
