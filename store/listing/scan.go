package listing

import (
	"time"

	"meetdesk/meeting"
	"meetdesk/store/compact"
)

// listColumns lists the columns that listScan reads, for a SELECT from the meetings m and
// their organizers u.
const listColumns = `m.id, m.external_id, m.subject, m.start_at, m.end_at, m.state, ` + AskedAt + `, m.created_at,
	CASE WHEN u.name <> '' THEN u.name WHEN u.upn <> '' THEN u.upn ELSE u.oid END, u.upn, u.id, m.join_url, u.tid, u.oid, m.thread_id, m.join_meeting_id, m.conference_id`

// AskedAt is an SQL expression for the time at which the pending attempt for an unfinished
// meeting m began or was last retried. It is NULL if there is no such attempt.
const AskedAt = `CASE WHEN m.state = 'unfinished' THEN (SELECT max(updated_at) FROM attempts WHERE meeting_id = m.id AND state = 'pending') END`

const joinOrganizer = ` JOIN users u ON u.id = m.organizer_id `

// listScan reads rows with the columns in listColumns. It reuses the scan targets,
// because allocating them takes as long as reading a row.
type listScan struct {
	listed                        meeting.Listed
	created                       int64
	state                         string
	externalID, start, end, asked any // nil for NULL
	row                           compact.Row
	targets                       []any
}

// newListScan returns a listScan that also scans any columns after listColumns into the
// additional targets.
func newListScan(more ...any) *listScan {
	s := new(listScan)
	l := &s.listed
	s.targets = append([]any{&l.ID, &s.externalID, &l.Subject, &s.start, &s.end, &s.state, &s.asked, &s.created, &l.Organizer, &l.OrganizerUPN, &l.OrganizerID, &l.JoinURL,
		&s.row.TenantID, &s.row.OrganizerID, &s.row.ThreadID, &s.row.JoinMeetingID, &s.row.ConferenceID}, more...)
	return s
}

// scan reads a row. The result is valid only until the next call to scan.
func (s *listScan) scan(row interface{ Scan(...any) error }) (*meeting.Listed, error) {
	if err := row.Scan(s.targets...); err != nil {
		return nil, err
	}
	l := &s.listed
	l.ExternalID, _ = s.externalID.(string)
	l.State = meeting.State(s.state)
	l.JoinURL = s.row.FullLink(l.JoinURL)
	l.Start, l.End, l.AskedAt, l.CreatedAt = fromMillis(s.start), fromMillis(s.end), fromMillis(s.asked), time.UnixMilli(s.created).UTC()
	return l, nil
}

// fromMillis converts a column's value, in milliseconds, to a time. NULL becomes the zero
// time.
func fromMillis(value any) (t time.Time) {
	if ms, ok := value.(int64); ok {
		t = time.UnixMilli(ms).UTC()
	}
	return t
}
