package msgraph

import (
	"encoding/json"
	"fmt"
	"time"
)

// defaultLength is how long a meeting lasts if the request does not set its end.
const defaultLength = time.Hour

// joinableFor is how long a meeting can be joined after its end, or after its last
// change if that is later.
const joinableFor = 60 * 24 * time.Hour

// edmTime is a time in a request. Graph accepts any UTC offset and stores the time in
// UTC, with a precision of 100 nanoseconds.
type edmTime struct{ time.Time }

func (t *edmTime) UnmarshalJSON(text []byte) error {
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		return fmt.Errorf("a time is %s, want a string", text)
	}
	parsed, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		parsed, err = time.Parse("2006-01-02T15:04Z07:00", s) // OData allows times without seconds
	}
	if err != nil {
		return fmt.Errorf("%q is not a time with an offset", s)
	}
	t.Time = parsed.UTC().Truncate(100 * time.Nanosecond)
	return nil
}

func formatTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.0000000Z") }

// meetingTimes applies the rules of createOrGet (onlinemeeting-createorget.md, Notes). A
// meeting without times begins now. A meeting without an end lasts one hour. An end
// without a start, or before the start, is an error. The end may equal the start
// (docs#7803).
func meetingTimes(start, end *edmTime, now time.Time) (from, to time.Time, err error) {
	switch {
	case start == nil && end == nil:
		return now, now.Add(defaultLength), nil
	case start == nil:
		return from, to, badRequest(genericMessage, "endDateTime without startDateTime")
	case end == nil:
		return start.Time, start.Add(defaultLength), nil
	case end.Before(start.Time):
		return from, to, badRequest(genericMessage, "endDateTime is before startDateTime")
	}
	return start.Time, end.Time, nil
}

func expiry(end, changed time.Time) time.Time {
	if changed.After(end) {
		end = changed
	}
	return end.Add(joinableFor)
}
