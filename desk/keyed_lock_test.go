package desk

import (
	"context"
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

// A key takes up no memory once nobody is holding its lock or waiting for it.
func TestUnusedKeysAreForgotten(t *testing.T) {
	var k keyedLock
	unlock, err := k.lock(t.Context(), "INC1")
	if err != nil {
		t.Fatal(err)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, err := k.lock(gone, "INC1"); meeting.CodeOf(err) != meeting.Unavailable {
		t.Errorf("while the lock is held: %v, want Unavailable", err)
	}
	if unlock(); len(k.held) != 0 {
		t.Errorf("%d keys are left", len(k.held))
	}
}
