package main

import (
	"sync"
	"time"
)

// slot is the key by which Graph recognizes a meeting.
type slot struct{ organizer, externalID string } // organizer is a UPN

// told is everything that people were told about one meeting.
type told struct {
	id                     int64
	round                  int // the last round in which somebody was told something about it
	slot                   slot
	join                   string // the join link that was shown; "" if none was
	subject, lobby, record register
	removalAsked           bool
	removed                bool
	notes                  map[string]bool // the keys are the texts of notes, and the recipients of invitations that were marked as sent
	people                 map[string]bool // UPNs of the people who were given access
}

// first is the key of ledger.firsts: a ticket during the lifetime of one desk process.
type first struct {
	ticket string
	life   int64
}

// ledger is everything that people have been told since the data directories were
// created. Its methods may be called concurrently.
type ledger struct {
	mu       sync.Mutex
	round    int // the number of the current round
	meetings map[int64]*told
	asked    map[slot][]*write // the subjects in the forms for new meetings
	forms    map[slot][]sentForm
	firsts   map[first]string // UPN of the person who created a meeting for the ticket
	outside  map[slot]string  // join links of meetings that were created outside the desk
	removals map[slot]int     // how often somebody asked to remove a meeting
	counts   map[string]int   // acknowledged actions, by kind
}

func newLedger() *ledger {
	return &ledger{
		meetings: make(map[int64]*told), asked: make(map[slot][]*write), outside: make(map[slot]string),
		forms: make(map[slot][]sentForm), firsts: make(map[first]string),
		removals: make(map[slot]int), counts: make(map[string]int),
	}
}

// ask records that somebody submits a form for a new meeting.
func (l *ledger) ask(s slot, f sentForm) *write {
	l.mu.Lock()
	defer l.mu.Unlock()
	w := &write{value: f.subject, start: time.Now()}
	l.forms[s] = append(l.forms[s], f)
	l.asked[s] = append(l.asked[s], w)
	return w
}

// change calls the function do with the record of what people were told about the
// meeting, if there is one. The function may modify the record.
func (l *ledger) change(id int64, do func(*told)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if m := l.meetings[id]; m != nil {
		do(m)
	}
}

// add adds the meeting with the given ID to the ledger, if it is not there yet.
func (l *ledger) add(id int64, s slot) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.meetings[id] == nil {
		l.meetings[id] = &told{id: id, round: l.round, slot: s, notes: make(map[string]bool), people: make(map[string]bool)}
	}
}

// acknowledged counts an action of the given kind that a page confirmed.
func (l *ledger) acknowledged(kind string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counts[kind]++
}

// shown adds to the ledger what a page said about a meeting. The parameter start is the
// time of the request.
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

// pick returns the IDs of the meetings for which ok returns true.
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
