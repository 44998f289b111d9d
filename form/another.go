package form

import (
	"time"

	"meetdesk/meeting"
)

// AnotherDay returns a form for a meeting with the same length and local time of day as m,
// in the given zone. The date is the first workday (Monday to Friday) after both today and
// the date of m. The form is empty if m has no times.
func AnotherDay(m meeting.Meeting, zone *time.Location, now time.Time) Form {
	if m.Start.IsZero() {
		return Form{}
	}
	// Calculate in local time so that the time of day stays the same when clocks change.
	start := wallClock(m.Start, zone)
	length := max(m.End.Sub(m.Start), 0)
	day := dayOf(start)
	if today := dayOf(wallClock(now, zone)); today.After(day) {
		day = today
	}
	for next := true; next || isWeekend(day); next = false {
		day = day.AddDate(0, 0, 1)
	}
	start = on(day, start)
	end := start.Add(length)
	f := Form{Date: start.Format(time.DateOnly), Start: start.Format("15:04"), End: end.Format("15:04")}
	if end.Format(time.DateOnly) != f.Date {
		f.EndDate = end.Format(time.DateOnly)
	}
	return f
}

// wallClock returns the date, hour and minute that a clock in the zone shows at t, as a time
// in UTC.
func wallClock(t time.Time, zone *time.Location) time.Time {
	t = t.In(zone)
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, time.UTC)
}

func isWeekend(day time.Time) bool {
	return day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
}
