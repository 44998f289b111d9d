package main

import (
	"context"
	"net/url"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/paths"
)

// create sends the form for a new meeting. Sometimes it is for a ticket for which others
// create meetings too, sometimes for a meeting that exists at Microsoft already, and the
// help desk sometimes creates a meeting for a colleague.
func (t *tab) create(ctx context.Context) error {
	subject, s := "Printer "+t.word(), slot{t.upn, t.ticket("INC")}
	switch n := t.rng.IntN(10); {
	case n < 3:
		s.externalID = t.shared[t.rng.IntN(len(t.shared))]
	case n == 3:
		if id, ok := t.outsideID(); ok {
			s.externalID = id
		}
	}
	fields := t.meetingForm(s.externalID, subject)
	if organizer := t.others[t.rng.IntN(len(t.others))]; t.upn != organizer.upn && (t.upn == dana || t.upn == alex) && (organizer.upn == priya || organizer.upn == tomas) {
		s.organizer = organizer.upn
		fields.Set(meeting.FieldOrganizer, organizer.objectID)
	}
	w, life := t.ledger.ask(s, sentForm{subject, fields.Get("lobby"), fields.Get("record")}), t.life()
	p, again, err := t.sendPatiently(ctx, paths.Meetings, fields)
	if err == nil && !again && p.state == stateLive && p.subject == subject && p.allDone() && life == t.life() {
		t.onlyOne(s, life)
	}
	if err == nil && outcomeOf(p, paths.Meetings) == unsent && t.rng.IntN(2) == 0 {
		fields.Set(form.FieldAnyway, "1")
		sentBefore := again
		p, again, err = t.sendPatiently(ctx, paths.Meetings, fields)
		again = again || sentBefore
	}
	return t.created(p, s, w, fields, again, err)
}

// onlyOne records that a meeting was created for a ticket by somebody who was not asked
// whether to create another. The lock per ticket lasts as long as the desk's process.
func (t *tab) onlyOne(s slot, life int64) {
	t.ledger.mu.Lock()
	defer t.ledger.mu.Unlock()
	for removed := range t.ledger.removals {
		if removed.externalID == s.externalID {
			return // that one does not count, so there may be another
		}
	}
	key := first{s.externalID, life}
	if other := t.ledger.firsts[key]; other != "" {
		t.report(duplicated, "%s and %s each got a meeting for %s without a question", other, t.upn, s.externalID)
	}
	t.ledger.firsts[key] = t.upn
}

// created records what the response to the form for a new meeting says.
func (t *tab) created(p page, s slot, w *write, fields url.Values, again bool, err error) error {
	switch outcomeOf(p, paths.Meetings) {
	case unsent:
		if !again && err == nil {
			w.void = true
		}
		return err
	case unknown:
		return err
	}
	id := meetingOf(p)
	t.ledger.add(id, s)
	t.ledger.acknowledged("recorded")
	if err != nil {
		return err
	}
	t.ledger.change(id, func(m *told) { t.settled(m, p, w, fields, "created") })
	return nil
}

// settled records what the page that follows a form says about the meeting that the form
// creates or changes.
func (t *tab) settled(m *told, p page, w *write, fields url.Values, kind string) {
	if p.state == stateLive && p.subject == w.value && m.subject.acknowledge(w) {
		t.ledger.counts[kind]++
	}
	for field, r := range map[string]*register{"lobby": &m.lobby, "record": &m.record} {
		if value := fields.Get(field); value != "" {
			sent := r.write(value, w.start)
			if p.state == stateLive && p.subject == w.value && p.allDone() {
				r.acknowledge(sent)
				t.ledger.counts["options"]++
			}
		}
	}
}

// meetingOf returns the ID of the meeting to which a form's response redirects.
func meetingOf(p page) int64 {
	for _, hop := range p.hops {
		if id, ok := paths.MeetingID(hop.Path); ok {
			return id
		}
	}
	return 0
}

// outsideID returns the external ID of one of the person's meetings that were made
// outside the desk.
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
