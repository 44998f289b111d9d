package store

import (
	"time"

	"meetdesk/meeting"
)

// listColumns are what a list shows. None is NULL: times are 0 where there is none.
const listColumns = `m.id, coalesce(m.external_id, ''), m.subject, coalesce(m.start_at, 0), coalesce(m.end_at, 0), m.state, m.created_at,
	CASE WHEN u.name <> '' THEN u.name WHEN u.upn <> '' THEN u.upn ELSE u.oid END, u.upn`

// listScan reads rows of listColumns. Its places are made once for all rows: a
// page has many, and making them costs as much as reading.
type listScan struct {
	listed              meeting.Listed
	start, end, created int64
	state               string
	places              []any
}

// newListScan returns one that reads further columns into more.
func newListScan(more ...any) *listScan {
	s := new(listScan)
	l := &s.listed
	s.places = append([]any{&l.ID, &l.ExternalID, &l.Subject, &s.start, &s.end, &s.state, &s.created, &l.Organizer, &l.OrganizerUPN}, more...)
	return s
}

// scan returns the row, which is good until the next one is read.
func (s *listScan) scan(row interface{ Scan(...any) error }) (*meeting.Listed, error) {
	if err := row.Scan(s.places...); err != nil {
		return nil, err
	}
	s.listed.State = meeting.State(s.state)
	s.listed.Start, s.listed.End, s.listed.CreatedAt = ofMillis(s.start), ofMillis(s.end), ofMillis(s.created)
	return &s.listed, nil
}

// ofMillis is fromMillis where 0 stands for NULL.
func ofMillis(ms int64) (t time.Time) {
	if ms != 0 {
		t = time.UnixMilli(ms).UTC()
	}
	return t
}
