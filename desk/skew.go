package desk

import (
	"context"
	"net/http"
	"time"

	"meetdesk/meeting"
)

// notableSkew is the clock difference at which the desk warns the administrator.
const notableSkew = 30 * time.Second

// errorDate is the format of the date in Graph's error documents. The date is in UTC.
const errorDate = "2006-01-02T15:04:05"

// skewOf returns how far Microsoft's clock is ahead of the desk's, according to the last
// response with a date. It is negative if Microsoft's clock is behind. A difference of less
// than two seconds counts as zero, because dates have no fractions of a second. known is
// false if no response has a date.
func skewOf(calls []meeting.Call) (skew time.Duration, known bool) {
	for _, c := range calls {
		date, err := http.ParseTime(c.Date)
		if err != nil {
			date, err = time.Parse(errorDate, c.Date)
		}
		if err != nil {
			continue
		}
		skew, known = date.Sub(c.StartedAt.Add(c.Duration)).Round(time.Second), true
		if skew.Abs() < 2*time.Second {
			skew = 0
		}
	}
	return skew, known
}

// noteSkew stores the difference between the clocks if any response has a date. It logs a
// warning when the difference reaches notableSkew.
func (d *Desk) noteSkew(ctx context.Context, calls []meeting.Call) {
	skew, known := skewOf(calls)
	if !known {
		return
	}
	before := d.skew.Swap(&skew)
	if skew.Abs() >= notableSkew && (before == nil || before.Abs() < notableSkew) {
		d.Log.WarnContext(ctx, "this server's clock differs from Microsoft's", "microsoft_ahead", skew)
	}
}

// Skew returns how far Microsoft's clock is ahead of the desk's. It is negative if
// Microsoft's clock is behind, and 0 if the difference is less than notableSkew. known is
// false before the first response with a date.
func (d *Desk) Skew() (skew time.Duration, known bool) {
	last := d.skew.Load()
	switch {
	case last == nil:
		return 0, false
	case last.Abs() < notableSkew:
		return 0, true
	}
	return *last, true
}
