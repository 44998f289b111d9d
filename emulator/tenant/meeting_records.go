package tenant

import (
	"errors"
	"slices"
	"time"
)

// Errors returned by the methods of Records that access meetings.
var (
	ErrNoMeeting  = errors.New("there is no such meeting")
	ErrGone       = errors.New("the meeting of this externalId was removed or has expired")
	ErrInProgress = errors.New("the same meeting is being made")
)

// All returns every meeting, including removed ones, oldest first.
func (r *Records) All() []Meeting {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sorted()
}

// Count returns the number of meetings, excluding removed ones.
func (r *Records) Count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	count := 0
	for _, m := range r.meetings {
		if !m.Removed {
			count++
		}
	}
	return count
}

// Meeting returns the meeting with the given ID, unless it was removed.
func (r *Records) Meeting(id string) (Meeting, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	m, ok := r.meetings[id]
	return m, ok && !m.Removed
}

// FindMeeting returns a meeting whose document matches. It skips removed meetings.
func (r *Records) FindMeeting(match func(Document) bool) (Meeting, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range r.meetings {
		if !m.Removed && match(m.Document) {
			return m, true
		}
	}
	return Meeting{}, false
}

// latest returns the newest meeting with this key. It prefers meetings that were not
// removed and have not expired.
func (r *Records) latest(key MeetingKey, now time.Time) (m Meeting, ok bool) {
	ids := r.byKey[key.folded(r.fold)]
	for i, id := range slices.Backward(ids) {
		if known := r.meetings[id]; !known.Gone(now) {
			return known, true
		} else if i == len(ids)-1 {
			m, ok = known, true
		}
	}
	return m, ok
}

// CreateOrGet returns the meeting with this key or atomically creates it. If the meeting
// was removed or has expired, CreateOrGet creates a new one or returns ErrGone, depending
// on the switches.
func (r *Records) CreateOrGet(key MeetingKey, now time.Time, switches Switches, create func() (Document, error)) (m Meeting, created bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if known, ok := r.latest(key, now); ok {
		if !known.Gone(now) {
			return known, false, nil
		}
		if switches.GoneIsNotFound || known.Removed && switches.RemovedIsNotFound || !known.Removed && switches.ExpiredIsNotFound {
			return Meeting{}, false, ErrGone
		}
	}
	d, err := create()
	if err != nil {
		return Meeting{}, false, err
	}
	id, _ := d["id"].(string)
	m = Meeting{ID: id, Number: len(r.meetings) + 1, Key: key, Document: d}
	return m, true, r.commit(change{Meetings: []Meeting{m}})
}

// BeginCreate marks the meeting as being created until the caller calls the returned
// function. The function is nil if the meeting already exists. The error is ErrInProgress
// if another caller is creating the meeting.
func (r *Records) BeginCreate(key MeetingKey, now time.Time) (done func(), err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if known, ok := r.latest(key, now); ok && !known.Gone(now) {
		return nil, nil
	}
	key = key.folded(r.fold)
	if r.creating[key] {
		return nil, ErrInProgress
	}
	r.creating[key] = true
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.creating, key)
	}, nil
}

// UpdateMeeting applies the edit function to the meeting and stores the result. The error
// is ErrNoMeeting if the meeting does not exist or was removed.
func (r *Records) UpdateMeeting(id string, edit func(*Meeting) error) (Meeting, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	m, ok := r.meetings[id]
	if !ok || m.Removed {
		return Meeting{}, ErrNoMeeting
	}
	d, err := m.Document.Clone()
	if err != nil {
		return Meeting{}, err
	}
	m.Document = d
	if err := edit(&m); err != nil {
		return Meeting{}, err
	}
	if m.Document, err = m.Document.Clone(); err != nil {
		return Meeting{}, err
	}
	return m, r.commit(change{Meetings: []Meeting{m}})
}

// RemoveMeeting marks a meeting as removed. The error is ErrNoMeeting if the meeting does
// not exist or was already removed.
func (r *Records) RemoveMeeting(id string) error {
	_, err := r.UpdateMeeting(id, func(m *Meeting) error {
		m.Removed = true
		return nil
	})
	return err
}

// RestoreMeeting restores a removed meeting. It returns false if there is no removed
// meeting with the given ID.
func (r *Records) RestoreMeeting(id string) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	m, ok := r.meetings[id]
	if !ok || !m.Removed {
		return false, nil
	}
	m.Removed = false
	return true, r.commit(change{Meetings: []Meeting{m}})
}
