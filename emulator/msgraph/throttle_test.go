package msgraph

import (
	"testing"
	"time"
)

func TestThrottleCountsTheLastSecond(t *testing.T) {
	var limit throttle
	start := time.Now()
	for i, want := range []bool{false, true} {
		if limit.exceeds(1, time.Second, start.Add(time.Duration(i)*999*time.Millisecond)) != want {
			t.Errorf("request %d: exceeds is %v", i+1, !want)
		}
	}
	if limit.exceeds(1, time.Second, start.Add(2*time.Second)) {
		t.Error("the limit is still exceeded a second later")
	}
}
