package main

import (
	"sync"
	"time"
)

// slot is the key by which Graph recognizes a meeting.
type slot struct{ organizer, externalID string } // organizer is a UPN

// told is everything that pages have reported about one meeting.
type told struct {
	id                     int64
	round                  int // the last round in which a page reported something about the meeting
	slot                   slot
	join                   string // the join link shown, or empty
	subject, lobby, record register
	removalAsked           bool
	removed                bool
	notes                  map[string]bool // texts of notes, and recipients of invitations marked as sent
	people                 map[string]bool // UPNs of the users who were given access
}

// first is the key of ledger.firsts: a ticket and a value of site.lives, which identifies a
// desk process.
type first struct {
	ticket string
	life   int64
}

// ledger records everything that pages have reported since the data directories were
// created. Its methods may be called concurrently.
type ledger struct {
	mu       sync.Mutex
	round    int // the number of the current round
	meetings map[int64]*told
	asked    map[slot][]*write // the subjects of submitted meeting forms
	forms    map[slot][]sentForm
	firsts   map[first]string // UPN of the user who created the first meeting
	outside  map[slot]string  // join links of meetings created outside the desk
	removals map[slot]int
	counts   map[string]int // acknowledged actions, by kind
}

func newLedger() *ledger {
	return &ledger{
		meetings: make(map[int64]*told), asked: make(map[slot][]*write), outside: make(map[slot]string),
		forms: make(map[slot][]sentForm), firsts: make(map[first]string),
		removals: make(map[slot]int), counts: make(map[string]int),
	}
}

func (l *ledger) ask(s slot, f sentForm) *write {
	l.mu.Lock()
	defer l.mu.Unlock()
	w := &write{value: f.subject, start: time.Now()}
	l.forms[s] = append(l.forms[s], f)
	l.asked[s] = append(l.asked[s], w)
	return w
}

// change passes the meeting's record, if it exists, to the callback. The callback may
// modify the record.
func (l *ledger) change(id int64, do func(*told)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if m := l.meetings[id]; m != nil {
		do(m)
	}
}

func (l *ledger) add(id int64, s slot) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.meetings[id] == nil {
		l.meetings[id] = &told{id: id, round: l.round, slot: s, notes: make(map[string]bool), people: make(map[string]bool)}
	}
}

// acknowledged counts an action that a page has confirmed.
func (l *ledger) acknowledged(kind string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counts[kind]++
}

// shown updates the record of the meeting that the page shows. The start parameter is the
// time at which the page was requested.
func (l *ledger) shown(p page, start time.Time) {
	id, ok := p.meeting()
	if !ok || p.status != 200 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	m := l.meetings[id]
	if m == nil {
		return
	}
	m.round = l.round
	if p.state == stateLive {
		m.subject.reads = append(m.subject.reads, read{value: p.subject, start: start})
	}
	if p.join != "" {
		m.join = p.join
	}
	if p.state == stateRemoved {
		m.removed = true
	}
}

// pick returns the IDs of the meetings that satisfy the predicate.
func (l *ledger) pick(ok func(*told) bool) (ids []int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, m := range l.meetings {
		if ok(m) {
			ids = append(ids, id)
		}
	}
	return ids
}
