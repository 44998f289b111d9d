package listing

import (
	"context"
	"math/bits"
	"slices"

	"meetdesk/meeting"
	"meetdesk/search"
)

// Hit is a meeting that the input names exactly.
type Hit struct {
	meeting.Listed
	By   HitBy // what the input names; if several things, the one that is first in hitOrder
	Also HitBy // if By is about the ticket: which of Microsoft's IDs the input also names; "" for none
}

// HitBy is the part of a meeting that the input names.
type HitBy string

// The parts of a meeting that an input can name; see search.Input.
const (
	ByExternalID   HitBy = "external_id" // the external ID, letter for letter
	BySpelling     HitBy = "spelling"    // the ticket in another spelling
	ByTicket       HitBy = "ticket"      // the same ticket, but another of its meetings
	ByThread       HitBy = "thread"
	ByMeetingID    HitBy = "meeting_id"
	ByConferenceID HitBy = "conference_id"
	ByVideoID      HitBy = "video_id"
	ByPhone        HitBy = "phone" // the dial-in number, which many meetings share
	ByGraphID      HitBy = "graph_id"
	ByRequestID    HitBy = "request_id"
)

// hitOrder ranks what an input can name, the most telling first. The first ticketHits of
// them are about the ticket, the rest are Microsoft's IDs.
var hitOrder = []HitBy{ByExternalID, BySpelling, ByTicket, ByMeetingID, ByConferenceID, ByVideoID, ByGraphID, ByThread, ByRequestID}

const ticketHits = 3

// Find returns up to c.Limit meetings that the input names, latest first. They also meet
// the criteria, except for the text. tickets are the possible spellings of the text as a
// ticket.
func (l *Lists) Find(ctx context.Context, c Criteria, input search.Input, tickets ...string) ([]Hit, error) {
	r := l.unsearched(c)
	r.order = ByCreated
	return l.db.find(ctx, r, input, tickets)
}

// FindByPhone returns up to c.Limit meetings with this dial-in number, latest first.
// digits may lack the country code. It examines only the latest 10,000 meetings, because
// most meetings share a number.
func (l *Lists) FindByPhone(ctx context.Context, c Criteria, digits string) ([]Hit, error) {
	r := l.unsearched(c)
	r.order = ByCreated
	return l.db.findByPhone(ctx, r, digits)
}

// newHit returns the hit for a meeting, where bit n of found is set if the input names
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
