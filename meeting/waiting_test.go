package meeting_test

import (
	"testing"
	"time"

	"meetdesk/meeting"
)

func TestWaiting(t *testing.T) {
	now := time.Date(2027, 3, 2, 10, 0, 0, 0, time.UTC)
	for since, want := range map[time.Duration]bool{
		0: true, 59 * time.Second: true, meeting.LongestRun: false, 5 * time.Hour: false, -30 * time.Second: true, -5 * time.Hour: false,
	} {
		asked := now.Add(-since)
		if got := (meeting.Attempt{State: meeting.AttemptPending, UpdatedAt: asked}).Waiting(now); got != want {
			t.Errorf("an attempt begun %v ago is running: %v, want %v", since, got, want)
		}
		if got := (meeting.Meeting{State: meeting.Unfinished, AskedAt: asked}).StateAt(now) == meeting.Waiting; got != want {
			t.Errorf("a meeting asked for %v ago is waited for: %v, want %v", since, got, want)
		}
	}
}
