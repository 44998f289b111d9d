package meeting

import "time"

// AuditEntry is an entry in the audit log.
type AuditEntry struct {
	ID         int64
	At         time.Time
	Person     User // the ID is 0 for requests without a session and for the desk's own actions
	Action     string
	MeetingID  int64  // 0 if the entry is not about a single meeting
	ExternalID string // the meeting's external ID; "" if it has none, or if retention has removed the meeting
	Kept       bool   // whether the meeting is still in the database
	Detail     string
	Address    string // the client's network address
	Count      int64
	HasCount   bool
}
