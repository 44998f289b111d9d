package backup

import "testing"

func TestAfterGap(t *testing.T) {
	for _, tt := range []struct{ next, busiest, days, want int64 }{
		{1, 0, 1, 11_000},
		{1, 2_500, 1, 11_000},
		{1, 2_501, 1, 11_000},
		{1, 5_000, 1, 21_000},
		{1_990, 400, 10, 102_000},
		{1_000_001, 20_000, 2, 1_161_000},
	} {
		if got := afterGap(tt.next, tt.busiest, tt.days); got != tt.want {
			t.Errorf("after %d, with %d on the busiest of days and %d days: %d, want %d", tt.next, tt.busiest, tt.days, got, tt.want)
		}
	}
}
