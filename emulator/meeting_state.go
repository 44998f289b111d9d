package emulator

import "time"

// meeting returns a meeting that was not removed.
func (s *state) meeting(id string) (meeting, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := s.meetings[id]
	return m, ok && !m.Removed
}

// obtain returns the meeting of key, and makes it when there is none. Looking
// and making are one step, so of many first calls exactly one creates. What a
// removed or expired meeting means is decided by goneIsNotFound.
func (s *state) obtain(key meetingKey, now time.Time, goneIsNotFound bool, create func() (document, error)) (m meeting, created bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known, ok := s.meetings[s.latest[key.folded(s.fold)]]; ok {
		if !known.gone(now) {
			return known, false, nil
		}
		if goneIsNotFound {
			return meeting{}, false, unknownMeeting("the meeting of this externalId was removed or has expired")
		}
	}
	d, err := create()
	if err != nil {
		return meeting{}, false, err
	}
	id, _ := d["id"].(string)
	m = meeting{ID: id, Number: len(s.meetings) + 1, Key: key, Document: d}
	return m, true, s.commit(change{Meetings: []meeting{m}})
}

// changeMeeting lets edit work on a copy of a meeting and keeps the result.
func (s *state) changeMeeting(id string, edit func(*meeting) error) (meeting, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := s.meetings[id]
	if !ok || m.Removed {
		return meeting{}, unknownMeeting("there is no such meeting")
	}
	d, err := m.Document.clone()
	if err != nil {
		return meeting{}, err
	}
	m.Document = d
	if err := edit(&m); err != nil {
		return meeting{}, err
	}
	if m.Document, err = m.Document.clone(); err != nil {
		return meeting{}, err
	}
	return m, s.commit(change{Meetings: []meeting{m}})
}

// restore brings a removed meeting back, and reports whether there was one.
func (s *state) restore(id string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := s.meetings[id]
	if !ok || !m.Removed {
		return false, nil
	}
	m.Removed = false
	return true, s.commit(change{Meetings: []meeting{m}})
}
