package emulator

import "meetdesk/emulator/tenant"

// Meeting is a copy of an online meeting, for tests.
type Meeting struct {
	ID         string
	ExternalID string
	Tenant     string
	Organizer  string         // object ID
	Document   map[string]any // the onlineMeeting resource
}

// Meetings returns the meetings in Graph, oldest first, excluding removed ones.
func (e *Emulator) Meetings() []Meeting {
	var list []Meeting
	for _, m := range e.Records.All() {
		if m.Removed {
			continue
		}
		d, err := m.Document.Clone()
		if err != nil {
			continue // cannot happen: the document was decoded from JSON
		}
		list = append(list, Meeting{ID: m.ID, ExternalID: m.Key.ExternalID, Tenant: m.Key.Tenant, Organizer: m.Key.Organizer, Document: d})
	}
	return list
}

// MeetingCount returns the number of meetings in Graph, excluding removed ones.
func (e *Emulator) MeetingCount() int { return e.Records.Count() }

// ChangeMeeting calls change to modify an onlineMeeting, as if somebody had edited the
// meeting in Teams. It returns false if there is no such meeting.
func (e *Emulator) ChangeMeeting(id string, change func(map[string]any)) bool {
	_, err := e.Records.UpdateMeeting(id, func(m *tenant.Meeting) error {
		change(m.Document)
		return nil
	})
	return err == nil
}

// RemoveMeeting removes a meeting without a request to Graph. It returns false
// if there is no such meeting.
func (e *Emulator) RemoveMeeting(id string) bool {
	return e.Records.RemoveMeeting(id) == nil
}

// VisitRemoved restores a removed meeting, as opening its join link does (docs#17590). It
// returns false if there is no removed meeting with that ID.
func (e *Emulator) VisitRemoved(id string) bool {
	restored, err := e.Records.RestoreMeeting(id)
	return restored && err == nil
}
