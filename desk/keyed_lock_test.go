package desk

import (
	"testing"
	"testing/synctest"
	"time"

	"meetdesk/meeting"
)

// Waiting for a lock takes at most half of the time until the deadline, which leaves the
// other half for Graph. The clock is simulated.
func TestWaitingForALockLeavesTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &Desk{} // needs no store, because the desk first waits for the process's own lock
		unlock, err := d.meetings.lock(t.Context(), "1/"+meeting.TicketKey("INC1"))
		if err != nil {
			t.Fatal(err)
		}
		defer unlock()
		deadline := time.Now().Add(3 * time.Second)
		_, err = d.LockMeeting(t.Context(), 1, "INC1", deadline)
		if left := time.Until(deadline); meeting.CodeOf(err) != meeting.Unavailable || left != 1500*time.Millisecond {
			t.Errorf("%v, with %v left; want Unavailable, and half of three seconds", err, left)
		}
	})
}
