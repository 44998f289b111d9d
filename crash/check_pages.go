package main

import (
	"context"
	"net/url"
	"strings"

	"meetdesk/paths"
)

// checkPages checks that nobody has lost their session and that people can find this
// round's meetings. checkSearch covers the meetings from earlier rounds.
func (r *round) checkPages(ctx context.Context) error {
	for _, p := range r.people {
		t := r.tabOf(p.upn)
		if err := t.signIn(ctx); err != nil {
			return err
		}
		if _, err := t.see(ctx, paths.Home); err != nil {
			return err
		}
	}
	db, err := r.site.openToRead()
	if err != nil {
		return err
	}
	defer db.Close()
	rows, err := readRows(ctx, db)
	if err != nil {
		return err
	}
	for _, id := range r.ledger.pick(func(m *told) bool { return m.round == r.total.rounds }) {
		if rows[id] == nil {
			continue // checkTold reports the missing meeting
		}
		if err := r.search(ctx, rows[id]); err != nil {
			return err
		}
	}
	return nil
}

// search searches for a meeting by its external ID or by a word in its subject, as a
// random person who may see it. It reports the meeting if the search does not find it.
func (r *round) search(ctx context.Context, m *row) error {
	words := strings.Fields(m.values[subject])
	queries := []string{m.slot.externalID, words[len(words)-1]}
	people := []string{m.slot.organizer, dana}
	if len(m.people) > 0 {
		people = append(people, m.people[r.rng.IntN(len(m.people))])
	}
	query, upn := queries[r.rng.IntN(len(queries))], people[r.rng.IntN(len(people))]
	if query == "" {
		return nil // an adopted meeting need not have an external ID
	}
	parameters := url.Values{"q": {query}}
	if upn == dana {
		parameters.Set("whose", "all")
	}
	t := r.tabOf(upn)
	p, err := t.see(ctx, paths.With(paths.History, parameters))
	// If the search opened another meeting for the ticket, list=1 shows the matches instead.
	if id, other := p.meeting(); err == nil && other && id != m.id {
		parameters.Set("list", "1")
		p, err = t.see(ctx, paths.With(paths.History, parameters))
	}
	if err != nil {
		return err
	}
	if id, _ := p.meeting(); id != m.id && !p.linksTo(m.id) {
		r.report(lost, "%s does not find meeting %d (%s, %q, %s) with %q: %s", upn, m.id, m.slot.externalID, m.values[subject], m.state, query, p.path)
	}
	return nil
}
