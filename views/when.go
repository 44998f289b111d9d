package views

import (
	"time"

	"meetdesk/meeting"
)

// meetingTime is a meeting's time, formatted for the reader.
type meetingTime struct {
	When string // such as "Wed 3 Mar 2027, 10:00–10:30"
	Zone string // the zone of When, such as "Europe/Lisbon (UTC+00:00)"
	Own  string // the time in the meeting's own zone, with that zone's name; "" if that zone is unknown or the clocks in both zones agree
}

// timeOf returns a meeting's time in the reader's zone, or in ownZone if the reader's zone
// is unknown. For a meeting without a start, the When field says so, and the other fields
// are empty.
func (p Page) timeOf(start, end time.Time, ownZone string) meetingTime {
	if start.IsZero() {
		return meetingTime{When: p.T.T("meeting.no_time")}
	}
	own, known := meeting.LoadZone(ownZone)
	zone := p.zoneOr(own)
	t := meetingTime{When: p.T.Range(start, end, zone), Zone: p.T.Zone(start, zone)}
	if known {
		t.Own = p.T.Elsewhere(start, end, zone, own)
	}
	return t
}

// String returns the time on one line.
func (t meetingTime) String() string {
	text := t.When
	if t.Zone != "" {
		text += " " + t.Zone
	}
	if t.Own != "" {
		text += " · " + t.Own
	}
	return text
}

// zoneOr returns the reader's zone if it is known. Otherwise, it returns the given zone, or
// UTC if the given zone is nil.
func (p Page) zoneOr(other *time.Location) *time.Location {
	if zone, known := meeting.LoadZone(p.User.TimeZone); known {
		return zone
	}
	if other != nil {
		return other
	}
	return time.UTC
}
