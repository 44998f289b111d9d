package tenant

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"
)

// Records stores meetings and refresh tokens. Each change is written to the journal before
// it is applied in memory.
type Records struct {
	mu       sync.Mutex
	journal  *journal
	lock     *os.File // nil if there is no folder
	fold     bool     // see Switches.FoldExternalID
	meetings map[string]Meeting
	byKey    map[MeetingKey][]string // the IDs of the meetings with each key, oldest first
	creating map[MeetingKey]bool     // see BeginCreate
	tokens   map[string]refreshToken
}

// openRecords restores the records from the journal in the folder and compacts the
// journal. If folder is "", the records exist only in memory.
func openRecords(folder string, fold bool, now time.Time) (*Records, error) {
	r := &Records{
		fold:     fold,
		meetings: map[string]Meeting{},
		byKey:    map[MeetingKey][]string{},
		creating: map[MeetingKey]bool{},
		tokens:   map[string]refreshToken{},
	}
	if folder == "" {
		return r, nil
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("emulator: %w", err)
	}
	var err error
	if r.lock, err = lockFolder(folder); err != nil {
		return nil, fmt.Errorf("emulator: %w", err)
	}
	if err = readJournal(folder, r.apply); err == nil {
		r.journal, err = startJournal(folder, r.snapshot(now))
	}
	if err != nil {
		r.lock.Close()
		return nil, fmt.Errorf("emulator: %w", err)
	}
	return r, nil
}

// commit writes c to the journal and applies it. The caller must hold the lock.
func (r *Records) commit(c change) error {
	if err := r.journal.append(c); err != nil {
		return err
	}
	r.apply(c)
	return nil
}

func (r *Records) apply(c change) {
	for _, m := range c.Meetings {
		if _, known := r.meetings[m.ID]; !known {
			r.index(m)
		}
		r.meetings[m.ID] = m
	}
	for _, t := range c.Tokens {
		r.tokens[t.Hash] = t
	}
	for _, hash := range c.Spent {
		delete(r.tokens, hash)
	}
}

func (r *Records) index(m Meeting) {
	key := m.Key.folded(r.fold)
	r.byKey[key] = append(r.byKey[key], m.ID)
}

// setFold sets whether external IDs that differ only in case are treated as equal. It calls
// then while holding the lock. If several meetings now have the same key, CreateOrGet
// returns the newest one that was not removed and has not expired.
func (r *Records) setFold(fold bool, then func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fold = fold
	r.byKey = map[MeetingKey][]string{}
	for _, m := range r.sorted() {
		r.index(m)
	}
	then()
}

func (r *Records) snapshot(now time.Time) change {
	c := change{Meetings: r.sorted()}
	for _, t := range r.tokens {
		if t.Expires.After(now) {
			c.Tokens = append(c.Tokens, t)
		}
	}
	return c
}

// sorted returns all meetings, including removed ones, oldest first. The caller must
// hold the lock.
func (r *Records) sorted() []Meeting {
	list := make([]Meeting, 0, len(r.meetings))
	for _, m := range r.meetings {
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b Meeting) int { return cmp.Compare(a.Number, b.Number) })
	return list
}

func (r *Records) close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	err := r.journal.close()
	if r.lock != nil {
		err = errors.Join(err, r.lock.Close())
	}
	return err
}
