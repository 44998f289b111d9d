package emulator

import (
	"encoding/json"
	"fmt"
	"time"
)

// usualLength is how long a meeting is that does not say when it ends.
const usualLength = time.Hour

// linger is how long a meeting can be joined after its end, or after its last
// change when that is later.
const linger = 60 * 24 * time.Hour

// edmTime is a time as Graph reads it, with an offset and any fraction, and
// writes it: in UTC, with a resolution of 100 nanoseconds.
type edmTime struct{ time.Time }

func (t *edmTime) UnmarshalJSON(text []byte) error {
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		return fmt.Errorf("a time is %s, want a string", text)
	}
	parsed, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		parsed, err = time.Parse("2006-01-02T15:04Z07:00", s) // OData can leave the seconds out
	}
	if err != nil {
		return fmt.Errorf("%q is not a time with an offset", s)
	}
	t.Time = parsed.UTC().Truncate(100 * time.Nanosecond)
	return nil
}

func formatTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.0000000Z") }

// meetingTimes applies the rules of createOrGet (onlinemeeting-createorget.md, Notes): neither time is
// now and one hour, a start alone is one hour, an end alone or before the start
// is refused. An end equal to the start is a meeting.
func meetingTimes(start, end *edmTime, now time.Time) (from, to time.Time, err error) {
	switch {
	case start == nil && end == nil:
		return now, now.Add(usualLength), nil
	case start == nil:
		return from, to, badRequest(anError, "endDateTime without startDateTime")
	case end == nil:
		return start.Time, start.Add(usualLength), nil
	case end.Before(start.Time):
		return from, to, badRequest(anError, "endDateTime is before startDateTime")
	}
	return start.Time, end.Time, nil
}

// expiry returns until when a meeting with this end can be joined.
func expiry(end, changed time.Time) time.Time {
	if changed.After(end) {
		end = changed
	}
	return end.Add(linger)
}
