package emulator

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"
)

// state is everything the emulator remembers, each change first in the journal
// and then in memory, under one lock.
type state struct {
	mu       sync.Mutex
	journal  *journal
	lock     *os.File // nil in memory only
	fold     bool     // see Switches.FoldExternalID
	meetings map[string]meeting
	byKey    map[meetingKey][]string // IDs of the meetings of each key, oldest first
	making   map[meetingKey]bool     // see beginFirst
	tokens   map[string]refreshToken
}

// openState replays the folder's journal and shortens it. An empty folder name
// means memory only.
func openState(folder string, fold bool, now time.Time) (*state, error) {
	s := &state{
		fold:     fold,
		meetings: map[string]meeting{},
		byKey:    map[meetingKey][]string{},
		making:   map[meetingKey]bool{},
		tokens:   map[string]refreshToken{},
	}
	if folder == "" {
		return s, nil
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("emulator: %w", err)
	}
	var err error
	if s.lock, err = lockFolder(folder); err != nil {
		return nil, fmt.Errorf("emulator: %w", err)
	}
	if err = readJournal(folder, s.apply); err == nil {
		s.journal, err = startJournal(folder, s.everything(now))
	}
	if err != nil {
		s.lock.Close()
		return nil, fmt.Errorf("emulator: %w", err)
	}
	return s, nil
}

// commit makes c true. The caller holds the lock.
func (s *state) commit(c change) error {
	if err := s.journal.append(c); err != nil {
		return err
	}
	s.apply(c)
	return nil
}

func (s *state) apply(c change) {
	for _, m := range c.Meetings {
		if _, known := s.meetings[m.ID]; !known {
			s.index(m)
		}
		s.meetings[m.ID] = m
	}
	for _, t := range c.Tokens {
		s.tokens[t.Hash] = t
	}
	for _, hash := range c.Spent {
		delete(s.tokens, hash)
	}
}

func (s *state) index(m meeting) {
	key := m.Key.folded(s.fold)
	s.byKey[key] = append(s.byKey[key], m.ID)
}

// setFold changes what makes two external IDs equal, and calls then before
// anybody can look. Of meetings that become one, the newest counts.
func (s *state) setFold(fold bool, then func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fold = fold
	s.byKey = map[meetingKey][]string{}
	for _, m := range s.listed() {
		s.index(m)
	}
	then()
}

// everything returns one change that leads to the present state, without the
// tokens that nobody could use any more.
func (s *state) everything(now time.Time) change {
	c := change{Meetings: s.listed()}
	for _, t := range s.tokens {
		if t.Expires.After(now) {
			c.Tokens = append(c.Tokens, t)
		}
	}
	return c
}

// listed returns all meetings, removed ones included, oldest first.
func (s *state) listed() []meeting {
	list := make([]meeting, 0, len(s.meetings))
	for _, m := range s.meetings {
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b meeting) int { return cmp.Compare(a.Number, b.Number) })
	return list
}

func (s *state) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.journal.close()
	if s.lock != nil {
		err = errors.Join(err, s.lock.Close())
	}
	return err
}
