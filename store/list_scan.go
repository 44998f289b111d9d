package store

import (
	"time"

	"meetdesk/meeting"
)

// listColumns are what a list shows.
const listColumns = `m.id, m.external_id, m.subject, m.start_at, m.end_at, m.state, m.created_at,
	CASE WHEN u.name <> '' THEN u.name WHEN u.upn <> '' THEN u.upn ELSE u.oid END, u.upn`

// listScan reads rows of listColumns. Its places are made once for all rows: a
// page has many, and making them costs as much as reading.
type listScan struct {
	listed                 meeting.Listed
	created                int64
	state                  string
	externalID, start, end any // nil for NULL
	places                 []any
}

// newListScan returns one that reads further columns into more.
func newListScan(more ...any) *listScan {
	s := new(listScan)
	l := &s.listed
	s.places = append([]any{&l.ID, &s.externalID, &l.Subject, &s.start, &s.end, &s.state, &s.created, &l.Organizer, &l.OrganizerUPN}, more...)
	return s
}

// scan returns the row, which is good until the next one is read.
func (s *listScan) scan(row interface{ Scan(...any) error }) (*meeting.Listed, error) {
	if err := row.Scan(s.places...); err != nil {
		return nil, err
	}
	l := &s.listed
	l.ExternalID, _ = s.externalID.(string)
	l.State = meeting.State(s.state)
	l.Start, l.End, l.CreatedAt = ofMillis(s.start), ofMillis(s.end), time.UnixMilli(s.created).UTC()
	return l, nil
}

// ofMillis is fromMillis of a value as the driver gives it.
func ofMillis(value any) (t time.Time) {
	if ms, ok := value.(int64); ok {
		t = time.UnixMilli(ms).UTC()
	}
	return t
}
