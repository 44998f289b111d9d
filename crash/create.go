package main

import (
	"context"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/store"
)

// create submits the form for a new meeting. Sometimes several users share the ticket, the
// meeting already exists at Microsoft, or the organizer is a colleague.
func (t *tab) create(ctx context.Context) error {
	title, s := "Printer "+t.word(), slot{t.upn, t.ticket("INC")}
	switch n := t.rng.IntN(10); {
	case n < 3:
		s.externalID = t.shared[t.rng.IntN(len(t.shared))]
	case n == 3:
		if id, ok := t.outsideID(); ok {
			s.externalID = id
		}
	}
	fields := t.meetingForm(s.externalID, title)
	if organizer := t.others[t.rng.IntN(len(t.others))]; t.upn != organizer.upn && (t.upn == dana || t.upn == alex) && (organizer.upn == priya || organizer.upn == tomas) {
		s.organizer = organizer.upn
		fields.Set(meeting.FieldOrganizer, organizer.objectID)
	}
	f, life := t.ledger.ask(s, newForm(t.upn, fields)), t.life()
	p, again, err := t.sendPatiently(ctx, paths.Meetings, fields)
	if err == nil && !again && p.state == stateLive && p.subject == title && p.allDone() && life == t.life() {
		t.onlyOne(s, life)
	}
	if err == nil && outcomeOf(p, paths.Meetings) == unsent && t.rng.IntN(2) == 0 {
		fields.Set(form.FieldAnyway, "1")
		sentBefore := again
		p, again, err = t.sendPatiently(ctx, paths.Meetings, fields)
		again = again || sentBefore
	}
	return t.created(p, s, f, again, err)
}

// onlyOne reports a duplicate if this desk process has already created a meeting for the
// ticket and did not show that meeting to the user first. Meetings created by earlier
// processes are ignored, because the lock on a ticket ends with the process.
func (t *tab) onlyOne(s slot, life int64) {
	t.ledger.mu.Lock()
	defer t.ledger.mu.Unlock()
	for removed := range t.ledger.removals {
		if removed.externalID == s.externalID {
			return // the first meeting may have been removed, so a second one is allowed
		}
	}
	key := first{s.externalID, life}
	if other := t.ledger.firsts[key]; other != "" {
		t.report(duplicated, "%s and %s each got a meeting for %s without a question", other, t.upn, s.externalID)
	}
	t.ledger.firsts[key] = t.upn
}

// created updates the ledger with the response to the form for a new meeting.
func (t *tab) created(p page, s slot, f *sentForm, again bool, err error) error {
	switch outcomeOf(p, paths.Meetings) {
	case unsent:
		if !again && err == nil {
			f.void = true
		}
		return err
	case unknown:
		return err
	}
	id := meetingOf(p)
	t.ledger.add(id, s)
	t.ledger.counted("recorded")
	if err != nil {
		return err
	}
	t.ledger.change(id, func(m *told) { t.settled(m, p, f, "created", store.AuditCreate) })
	return nil
}

// settled updates the ledger with the response to a form that changes a meeting. The desk
// sends the subject and the times to Graph in one request, so the subject confirms both.
func (t *tab) settled(m *told, p page, f *sentForm, kind string, action store.AuditAction) {
	if p.state != stateLive || p.subject != f.wants[subject] {
		return
	}
	m.confirm(f, times)
	if m.confirm(f, subject) {
		t.ledger.counts[kind]++
		t.ledger.audit[audited{t.upn, action, m.id}]++
		if m.slot.organizer != t.upn {
			t.ledger.audit[audited{t.upn, store.AuditApplication, m.id}]++
		}
	}
	if p.allDone() {
		t.ledger.counts["options"] += m.confirmAll(f)
	}
}

// meetingOf returns the ID of the meeting to which the response redirects, or 0.
func meetingOf(p page) int64 {
	for _, hop := range p.hops {
		if id, ok := paths.MeetingID(hop.Path); ok {
			return id
		}
	}
	return 0
}

// outsideID returns the external ID of one of the user's meetings that were created outside
// the desk. It returns false if there is no such meeting.
func (t *tab) outsideID() (string, bool) {
	t.ledger.mu.Lock()
	defer t.ledger.mu.Unlock()
	for s := range t.ledger.outside {
		if s.organizer == t.upn {
			return s.externalID, true
		}
	}
	return "", false
}
