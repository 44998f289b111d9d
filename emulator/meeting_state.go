package emulator

import (
	"net/http"
	"slices"
	"time"
)

// meeting returns a meeting that was not removed.
func (s *state) meeting(id string) (meeting, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := s.meetings[id]
	return m, ok && !m.Removed
}

// latest returns the newest meeting of key that is not gone, or else the newest.
func (s *state) latest(key meetingKey, now time.Time) (m meeting, ok bool) {
	ids := s.byKey[key.folded(s.fold)]
	for i, id := range slices.Backward(ids) {
		if known := s.meetings[id]; !known.gone(now) {
			return known, true
		} else if i == len(ids)-1 {
			m, ok = known, true
		}
	}
	return m, ok
}

// obtain returns the meeting of key, and makes it when there is none. Looking
// and making are one step, so of many first calls exactly one creates. What a
// removed or expired meeting means is for the switches to say.
func (s *state) obtain(key meetingKey, now time.Time, w Switches, create func() (document, error)) (m meeting, created bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known, ok := s.latest(key, now); ok {
		if !known.gone(now) {
			return known, false, nil
		}
		if w.GoneIsNotFound || known.Removed && w.RemovedIsNotFound || !known.Removed && w.ExpiredIsNotFound {
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

// beginFirst announces that the meeting of key is going to be made, until done
// is called. It is a conflict that somebody else is at it, and nothing to
// announce when the meeting exists: then done is nil.
func (s *state) beginFirst(key meetingKey, now time.Time) (done func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known, ok := s.latest(key, now); ok && !known.gone(now) {
		return nil, nil
	}
	key = key.folded(s.fold)
	if s.making[key] {
		return nil, graphError{status: http.StatusConflict, code: "Conflict", message: anError, reason: "the same meeting is being made"}
	}
	s.making[key] = true
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.making, key)
	}, nil
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
