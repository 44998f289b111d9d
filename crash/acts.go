package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/store"
)

func (t *tab) change(ctx context.Context) error {
	id, ok := t.choose(t.own)
	if !ok {
		return nil
	}
	p, err := t.see(ctx, paths.EditMeeting(id))
	if err != nil {
		return err
	}
	action := paths.UpdateMeeting(id)
	fields, ok := p.form(action)
	if !ok {
		return unexpected("change", p)
	}
	fields.Set("subject", "Changed "+t.word())
	if t.rng.IntN(2) == 0 {
		t.setTimes(fields)
	}
	if t.rng.IntN(2) == 0 {
		t.setPeople(fields)
	}
	if t.rng.IntN(2) == 0 {
		t.setOptions(fields)
	}
	f := newForm(t.upn, fields)
	t.ledger.change(id, func(m *told) { t.ledger.forms[m.slot] = append(t.ledger.forms[m.slot], f) })
	p, again, err := t.sendPatiently(ctx, action, fields)
	t.ledger.change(id, func(m *told) {
		if outcomeOf(p, action) == unsent && !again && err == nil {
			f.void = true
			return
		}
		t.settled(m, p, f, "changed", store.AuditUpdate)
	})
	if err == nil && p.hasUnfinished() && t.rng.IntN(4) == 0 {
		return t.removeMeeting(ctx, id)
	}
	return err
}

func (t *tab) remove(ctx context.Context) error {
	id, ok := t.choose(t.own)
	if !ok {
		return nil
	}
	return t.removeMeeting(ctx, id)
}

func (t *tab) removeMeeting(ctx context.Context, id int64) error {
	action := paths.RemoveMeeting(id)
	p, err := t.see(ctx, action)
	if err != nil {
		return err
	}
	fields, ok := p.form(action)
	if !ok {
		return unexpected("remove", p)
	}
	t.ledger.change(id, func(m *told) {
		m.removalAsked = true
		t.ledger.removals[m.slot]++
	})
	p, err = t.send(ctx, action, fields)
	if err == nil && p.state == stateRemoved {
		t.ledger.counted("removed")
		t.ledger.mustAudit(audited{t.upn, store.AuditRemove, id})
	}
	return err
}

// handOver gives the person access to a colleague's meeting.
func (t *tab) handOver(ctx context.Context) error {
	id, ok := t.choose(func(m *told) bool { return m.slot.organizer != t.upn && m.join != "" && !m.removed && !m.people[t.upn] })
	if !ok {
		return nil
	}
	var externalID string
	t.ledger.change(id, func(m *told) { externalID = m.slot.externalID })
	if t.rng.IntN(2) == 0 {
		if _, err := t.see(ctx, paths.Ticket(externalID)); err != nil {
			return err
		}
	}
	p, err := t.send(ctx, paths.HandOverMeeting(id), url.Values{meeting.FieldExternalID: {externalID}})
	if err == nil && p.status == http.StatusOK && meetingOf(p) == id && len(p.hops) > 0 {
		t.ledger.change(id, func(m *told) { m.people[t.upn] = true })
		t.ledger.acknowledged("handed over", audited{t.upn, store.AuditHandOver, id})
	}
	return err
}

func (t *tab) refresh(ctx context.Context) error {
	id, ok := t.choose(t.own)
	if !ok {
		return nil
	}
	p, err := t.send(ctx, paths.RefreshMeeting(id), nil)
	if err == nil && outcomeOf(p, "") == recorded && p.state == stateLive {
		t.ledger.acknowledged("refreshed", audited{t.upn, store.AuditRefresh, id})
	}
	return err
}

func (t *tab) note(ctx context.Context) error {
	id, ok := t.choose(t.own)
	if !ok {
		return nil
	}
	text := "Asked about the " + t.word()
	p, err := t.send(ctx, paths.NoteMeeting(id), url.Values{form.FieldNote: {text}})
	if err == nil && p.status == http.StatusOK && strings.Contains(p.text, text) {
		t.ledger.change(id, func(m *told) { m.notes[text] = true })
		t.ledger.acknowledged("noted", audited{t.upn, store.AuditNote, id})
	}
	return err
}

// mark marks the invitation to one of the person's meetings as sent.
func (t *tab) mark(ctx context.Context) error {
	id, ok := t.choose(t.own)
	if !ok {
		return nil
	}
	to := "team " + t.word()
	p, err := t.send(ctx, paths.SentMeeting(id), url.Values{form.FieldSentTo: {to}})
	if err == nil && p.status == http.StatusOK && strings.Contains(p.text, to) {
		t.ledger.change(id, func(m *told) { m.notes[to] = true })
		t.ledger.acknowledged("marked as sent", audited{t.upn, store.AuditSent, id})
	}
	return err
}

// adopt adds a meeting that was created outside the desk.
func (t *tab) adopt(ctx context.Context) error {
	var (
		s    slot
		join string
	)
	t.ledger.mu.Lock()
	for each, link := range t.ledger.outside {
		if each.organizer == t.upn {
			s, join = each, link
		}
	}
	t.ledger.mu.Unlock()
	if join == "" {
		return nil
	}
	p, err := t.send(ctx, paths.AdoptMeeting, url.Values{meeting.FieldJoinURL: {join}})
	if id := meetingOf(p); id != 0 {
		t.ledger.add(id, s)
		if err == nil && p.join == join {
			t.ledger.acknowledged("adopted", audited{t.upn, store.AuditAdopt, id})
		}
	}
	return err
}

// look opens one of the person's meetings and sometimes retries or dismisses one of its
// attempts.
func (t *tab) look(ctx context.Context) error {
	id, ok := t.choose(t.own)
	if !ok {
		return nil
	}
	p, err := t.see(ctx, paths.Meeting(id))
	if err != nil {
		return err
	}
	for i, action := range p.actions {
		if strings.HasPrefix(action, "/attempts/") && t.rng.IntN(2) == 0 {
			_, err := t.send(ctx, action, p.forms[i])
			return err
		}
	}
	return nil
}

func (t *tab) leave(ctx context.Context) error {
	if err := t.signOut(ctx); err != nil && !errors.Is(err, errBroken) {
		return fmt.Errorf("sign out: %w", err)
	} else if err == nil {
		t.ledger.mustAudit(audited{t.upn, store.AuditSignOut, 0})
	}
	return nil
}
