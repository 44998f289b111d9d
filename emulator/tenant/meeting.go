package tenant

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// MeetingKey identifies a meeting for createOrGet.
type MeetingKey struct {
	Tenant     string `json:"tenant"`
	Organizer  string `json:"organizer"` // object ID
	ExternalID string `json:"externalId"`
}

// folded returns the key under which a meeting is indexed. If fold is true, the external
// ID is in lower case.
func (k MeetingKey) folded(fold bool) MeetingKey {
	if fold {
		k.ExternalID = strings.ToLower(k.ExternalID)
	}
	return k
}

// Meeting is an online meeting as Graph stores it. Its document is never modified, so
// copies can be read without a lock.
type Meeting struct {
	ID       string     `json:"id"`
	Number   int        `json:"number"` // meetings are numbered from 1 in order of creation
	Key      MeetingKey `json:"key"`
	Removed  bool       `json:"removed,omitempty"`
	Document Document   `json:"document"`
}

// OrganizedBy reports whether p is the meeting's organizer.
func (m Meeting) OrganizedBy(p Person) bool {
	return m.Key.Organizer == p.ObjectID && m.Key.Tenant == p.Tenant
}

// Gone reports whether the meeting was removed or has expired.
func (m Meeting) Gone(now time.Time) bool {
	expires := m.Document.Time("expiryDateTime")
	return m.Removed || (!expires.IsZero() && !now.Before(expires))
}

// Document is an onlineMeeting as decoded JSON. It may have any properties, because
// onlineMeeting is an open type.
type Document map[string]any

// Clone returns a deep copy, made by encoding d as JSON and decoding the result.
func (d Document) Clone() (Document, error) {
	text, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("meeting: %w", err)
	}
	var c Document
	if err := json.Unmarshal(text, &c); err != nil {
		return nil, fmt.Errorf("meeting: %w", err)
	}
	return c, nil
}

// Time returns the value of a property as a time. It returns the zero time if the value
// is not a time.
func (d Document) Time(property string) time.Time {
	s, _ := d[property].(string)
	t, _ := time.Parse(time.RFC3339Nano, s)
	return t
}
