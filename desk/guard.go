package desk

import (
	"context"
	"slices"

	"meetdesk/meeting"
	"meetdesk/store"
)

// Guard returns the meetings that a person should know about before they create another
// one for a ticket. These are the organizer's own meetings for the ticket, whichever way
// it is spelled, or other people's if the organizer has none. "INC0012345~2" is the
// external ID of a ticket's second meeting and matches only that meeting. If the same
// form is sent again, Guard returns nothing, because that does not create another
// meeting. If a request has Guard set, CreateOrGet checks again, so that only one of
// several people who ask at the same moment creates a meeting.
//
// If the actor may not create meetings for the organizer, Guard returns a Forbidden
// error.
func (d *Desk) Guard(ctx context.Context, actor Actor, r meeting.Request) (g meeting.Guarded, err error) {
	u, mode, err := d.organizerOf(ctx, actor, r.Organizer)
	if err != nil {
		return g, err
	}
	key, err := formKey(actor, r)
	if err != nil {
		return g, err
	}
	if sent, err := d.Store.Sent(ctx, key); err != nil || sent {
		return g, err
	}
	externalID := r.ExternalID
	if mode == meeting.Application {
		m, err := d.Store.MeetingOf(ctx, u.ID, externalID)
		if err == nil && m.State == meeting.Live && !madeBy(actor.User, m) || err != nil && meeting.CodeOf(err) != meeting.NotFound {
			return g, err // checkNotTaken will refuse this request
		}
	}
	own, err := d.Store.TicketMeetings(ctx, externalID, u.ID, actor.User.ID, true, maxTicketMeetings)
	if err != nil {
		return g, err
	}
	own = slices.DeleteFunc(own, func(t meeting.TicketMeeting) bool {
		unfinished := t.ExternalID == externalID && t.State == meeting.Unfinished // the request finishes this meeting
		return unfinished || !meeting.MayMean(externalID, t.ExternalID)
	})
	if g.Own = namedFirst(own, externalID); len(g.Own) == 0 {
		g.Colleagues, err = d.Colleagues(ctx, actor.User, u, externalID)
		return g, err
	}
	if mode == meeting.Application {
		if g.Theirs, err = d.auditOrganizersMeetings(ctx, actor, u, g.Own[0].ExternalID); err != nil {
			return meeting.Guarded{}, err
		}
	}
	taken, err := d.Store.TicketExternalIDs(ctx, u.ID, meeting.TicketKey(externalID))
	g.AnotherID = meeting.AnotherExternalID(g.Own[0].ExternalID, taken)
	return g, err
}

// auditOrganizersMeetings records in the audit log that the help desk sees an organizer's
// meetings. It reports whether the meeting with the given external ID was made by
// somebody other than the actor.
func (d *Desk) auditOrganizersMeetings(ctx context.Context, actor Actor, organizer meeting.User, externalID string) (bool, error) {
	m, err := d.Store.MeetingOf(ctx, organizer.ID, externalID)
	if err != nil {
		return false, err
	}
	return !madeBy(actor.User, m), d.Store.Audit(ctx, actor.User.ID, store.AuditHistoryRead, 0, externalID)
}

// Colleagues returns other organizers' live meetings for the ticket, at most five of
// them. A meeting that the external ID names comes first. For the order of the rest, see
// store.TicketMeetings. NoAccess is set for the given person.
func (d *Desk) Colleagues(ctx context.Context, person, organizer meeting.User, externalID string) ([]meeting.TicketMeeting, error) {
	list, err := d.Store.TicketMeetings(ctx, externalID, organizer.ID, 0, false, maxTicketMeetings)
	if err != nil {
		return nil, err
	}
	list = namedFirst(list, externalID)
	ended, err := d.Store.EndedFor(ctx, person.ID, list)
	for i := range list {
		list[i].NoAccess = ended[list[i].ID]
	}
	return list, err
}

const (
	maxTicketMeetings = 50 // the maximum number of meetings that the guard reads
	maxShown          = 5  // the maximum number of meetings that it returns
)

// namedFirst returns the meetings to show. Meetings that the external ID names, in any
// spelling, come first.
func namedFirst(list []meeting.TicketMeeting, externalID string) []meeting.TicketMeeting {
	rank := func(t meeting.TicketMeeting) int {
		if meeting.Names(externalID, t.ExternalID) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(list, func(a, b meeting.TicketMeeting) int { return rank(a) - rank(b) })
	return list[:min(len(list), maxShown)]
}
