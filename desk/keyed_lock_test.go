package desk

import (
	"testing"
	"testing/synctest"
	"time"

	"meetdesk/meeting"
)

func TestWaitingForALockLeavesTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &Desk{} // the in-process lock, which is acquired first, needs no store
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
