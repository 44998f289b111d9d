package main

import (
	"slices"
	"sync"
	"time"

	"meetdesk/store"
)

// slot is the key by which Graph recognizes a meeting.
type slot struct{ organizer, externalID string } // organizer is a UPN

// told is everything that pages have reported about one meeting.
type told struct {
	id           int64
	round        int // the last round in which a page reported something about the meeting
	slot         slot
	join         string // the join link shown, or empty
	reads        map[property][]read
	removalAsked bool
	removed      bool
	notes        map[string]bool // texts of notes, and recipients of invitations marked as sent
	people       map[string]bool // UPNs of the users who were given access
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
	forms    map[slot][]*sentForm
	firsts   map[first]string // UPN of the user who created the first meeting
	outside  map[slot]string  // join links of meetings created outside the desk
	removals map[slot]int
	counts   map[string]int // acknowledged actions, by kind
	audit    map[audited]int
}

func newLedger() *ledger {
	return &ledger{
		meetings: make(map[int64]*told), outside: make(map[slot]string),
		forms: make(map[slot][]*sentForm), firsts: make(map[first]string),
		removals: make(map[slot]int), counts: make(map[string]int), audit: make(map[audited]int),
	}
}

func (l *ledger) ask(s slot, f *sentForm) *sentForm {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forms[s] = append(l.forms[s], f)
	return f
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
		l.meetings[id] = &told{id: id, round: l.round, slot: s, reads: make(map[property][]read), notes: make(map[string]bool), people: make(map[string]bool)}
	}
}

func (l *ledger) counted(kind string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counts[kind]++
}

// acknowledged is like counted, but for an action that the audit log must contain.
func (l *ledger) acknowledged(kind string, entry audited) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counts[kind]++
	l.audit[entry]++
}

// mustAudit records that the audit log must contain the entry at least once. Another tab may
// have removed the same meeting or ended the same session, so the exact number is unknown.
func (l *ledger) mustAudit(entry audited) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.audit[entry] = 1
}

// shown updates the record of the meeting that the page shows. The start parameter is the
// time at which the page was requested. Viewing a colleague's meeting is audited.
func (l *ledger) shown(upn string, p page, start time.Time) {
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
	isMaker := slices.ContainsFunc(l.forms[m.slot], func(f *sentForm) bool { return f.by == upn })
	if m.slot.organizer != upn && !isMaker {
		l.audit[audited{upn, store.AuditMeetingRead, id}]++
	}
	if p.state == stateLive {
		m.reads[subject] = append(m.reads[subject], read{value: p.subject, start: start})
	}
	if p.join != "" {
		m.join = p.join
	}
	if p.state == stateRemoved {
		m.removed = true
	}
}

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
