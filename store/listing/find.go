package listing

import (
	"context"
	"math"
	"math/bits"
	"slices"

	"meetdesk/meeting"
	"meetdesk/search"
)

// Hit is a meeting that the input names by an ID, a ticket or a number.
type Hit struct {
	meeting.Listed
	By   HitBy // the part that the input names; if there are several, the first in hitOrder
	Also HitBy // the first of Microsoft's IDs that the input names in addition to the ticket, or ""
}

// HitBy is the part of a meeting that the input names.
type HitBy string

// The parts of a meeting that an input can name; see search.Input.
const (
	ByExternalID   HitBy = "external_id" // exactly the external ID
	BySpelling     HitBy = "spelling"    // the same ticket, spelled differently
	ByTicket       HitBy = "ticket"      // another meeting for the same ticket
	ByThread       HitBy = "thread"
	ByMeetingID    HitBy = "meeting_id"
	ByConferenceID HitBy = "conference_id"
	ByVideoID      HitBy = "video_id"
	ByPhone        HitBy = "phone" // the dial-in number, which many meetings share
	ByGraphID      HitBy = "graph_id"
	ByRequestID    HitBy = "request_id"
	ByGuess        HitBy = "guess" // a ticket with the same number and additional letters or zeros
)

// hitOrder lists the parts by which Find can identify a meeting, the most specific first.
// The first ticketHits elements concern the ticket; the rest are Microsoft's IDs.
var hitOrder = []HitBy{ByExternalID, BySpelling, ByTicket, ByMeetingID, ByConferenceID, ByVideoID, ByGraphID, ByThread, ByRequestID}

const ticketHits = 3

// Find returns up to c.Limit meetings that the input names. It applies all criteria except
// c.Text. Current meetings with exactly the given external ID come first, then the others.
// Each group is sorted latest first. The tickets are the possible spellings of one ticket.
func (l *Lists) Find(ctx context.Context, c Criteria, input search.Input, tickets ...string) (hits []Hit, err error) {
	ctx, done := l.limited(ctx)
	defer done(&err)
	r := l.unsearched(c)
	r.order = ByCreated
	return l.db.find(ctx, r, input, tickets)
}

// FindByPhone returns up to c.Limit meetings with the given dial-in number, with or
// without the country code, latest first. It examines only the latest 10,000 meetings,
// because most meetings have the same number.
func (l *Lists) FindByPhone(ctx context.Context, c Criteria, digits string) (hits []Hit, err error) {
	ctx, done := l.limited(ctx)
	defer done(&err)
	r := l.unsearched(c)
	r.order = ByCreated
	return l.db.findByPhone(ctx, r, digits)
}

// Guess returns up to c.Limit meetings whose tickets the guesses may abbreviate. It
// examines only the latest 1,000 meetings with each number.
func (l *Lists) Guess(ctx context.Context, c Criteria, guesses []search.Guess) (hits []Hit, err error) {
	ctx, done := l.limited(ctx)
	defer done(&err)
	r := l.unsearched(c)
	r.order = ByCreated
	for _, g := range guesses {
		more, err := l.db.guess(ctx, r, g.Number)
		if err != nil {
			return nil, err
		}
		for _, m := range more {
			isNew := !slices.ContainsFunc(hits, func(h Hit) bool { return h.ID == m.ID })
			if isNew && g.MayMean(m.ExternalID) && len(hits) < c.Limit {
				hits = append(hits, Hit{Listed: m, By: ByGuess})
			}
		}
	}
	return hits, nil
}

// GuessTickets returns other tickets that the text may abbreviate and that have a live
// meeting of any user, up to the given limit. Like Guess, it examines only the latest 1,000
// meetings with each number.
func (l *Lists) GuessTickets(ctx context.Context, text string, limit int) (tickets []string, err error) {
	hits, err := l.Guess(ctx, Criteria{Everyone: true, Limit: math.MaxInt}, search.Guesses([]string{text}))
	known := map[string]bool{meeting.TicketKey(text): true}
	for _, h := range hits {
		if key := meeting.TicketKey(h.ExternalID); h.State == meeting.Live && !known[key] && len(tickets) < limit {
			known[key] = true
			tickets = append(tickets, meeting.TicketOf(h.ExternalID))
		}
	}
	return tickets, err
}

// newHit returns the hit for a meeting. If bit n of found is set, the input names
// hitOrder[n].
func newHit(m meeting.Listed, found uint, tickets []string) Hit {
	hit := Hit{Listed: m, By: hitOrder[bits.TrailingZeros(found)]}
	if ids := found >> ticketHits; ids != 0 && found&(1<<ticketHits-1) != 0 {
		hit.Also = hitOrder[ticketHits+bits.TrailingZeros(ids)]
	}
	if hit.By == ByTicket && slices.ContainsFunc(tickets, func(t string) bool { return meeting.MayMean(t, m.ExternalID) }) {
		hit.By = BySpelling
	}
	return hit
}
