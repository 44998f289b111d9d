package emulator

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// meetingKey is what createOrGet recognises a meeting by.
type meetingKey struct {
	Tenant     string `json:"tenant"`
	Organizer  string `json:"organizer"` // object ID
	ExternalID string `json:"externalId"`
}

// folded returns the key under which equal meetings meet.
func (k meetingKey) folded(fold bool) meetingKey {
	if fold {
		k.ExternalID = strings.ToLower(k.ExternalID)
	}
	return k
}

// meeting is an online meeting as Graph keeps it. Its document is never changed
// in place, so a copy of a meeting can be read without the lock.
type meeting struct {
	ID       string     `json:"id"`
	Number   int        `json:"number"` // the how-manieth of all
	Key      meetingKey `json:"key"`
	Removed  bool       `json:"removed,omitempty"`
	Document document   `json:"document"`
}

// document is the onlineMeeting, an open type: decoded JSON.
type document map[string]any

// clone returns a copy that shares nothing with d, and holds nothing but what
// JSON decoding makes.
func (d document) clone() (document, error) {
	text, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("meeting: %w", err)
	}
	var c document
	if err := json.Unmarshal(text, &c); err != nil {
		return nil, fmt.Errorf("meeting: %w", err)
	}
	return c, nil
}

// time returns a property that is a time, or the zero time.
func (d document) time(property string) time.Time {
	s, _ := d[property].(string)
	t, _ := time.Parse(time.RFC3339Nano, s)
	return t
}

// gone reports whether m was removed, or is past its expiry.
func (m meeting) gone(now time.Time) bool {
	expires := m.Document.time("expiryDateTime")
	return m.Removed || (!expires.IsZero() && !now.Before(expires))
}

// Meeting is what tests see of an online meeting.
type Meeting struct {
	ID         string
	ExternalID string
	Tenant     string
	Organizer  string         // object ID
	Document   map[string]any // the onlineMeeting; a copy
}

// Meetings returns the meetings that Graph holds, oldest first, without the
// removed ones.
func (e *Emulator) Meetings() []Meeting {
	e.state.mu.Lock()
	defer e.state.mu.Unlock()
	var list []Meeting
	for _, m := range e.state.listed() {
		if m.Removed {
			continue
		}
		d, err := m.Document.clone()
		if err != nil {
			continue // cannot be: it was made by decoding
		}
		list = append(list, Meeting{ID: m.ID, ExternalID: m.Key.ExternalID, Tenant: m.Key.Tenant, Organizer: m.Key.Organizer, Document: d})
	}
	return list
}

// MeetingCount returns how many meetings Graph holds.
func (e *Emulator) MeetingCount() int {
	e.state.mu.Lock()
	defer e.state.mu.Unlock()
	count := 0
	for _, m := range e.state.meetings {
		if !m.Removed {
			count++
		}
	}
	return count
}

// ChangeMeeting changes a meeting behind the desk's back, as somebody in Teams
// would: change gets the onlineMeeting to modify. It reports whether there is
// such a meeting.
func (e *Emulator) ChangeMeeting(id string, change func(map[string]any)) bool {
	_, err := e.state.changeMeeting(id, func(m *meeting) error {
		change(m.Document)
		return nil
	})
	return err == nil
}

// RemoveMeeting removes a meeting behind the desk's back, and reports whether
// there was one.
func (e *Emulator) RemoveMeeting(id string) bool {
	_, err := e.state.changeMeeting(id, func(m *meeting) error {
		m.Removed = true
		return nil
	})
	return err == nil
}

// VisitRemoved is somebody following the join link of a removed meeting, which
// brings it back: Graph finds it again after that (docs#17590). It reports
// whether there was such a meeting.
func (e *Emulator) VisitRemoved(id string) bool {
	restored, err := e.state.restore(id)
	return restored && err == nil
}
