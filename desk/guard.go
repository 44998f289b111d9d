package desk

import (
	"context"
	"slices"

	"meetdesk/meeting"
	"meetdesk/store"
)

// Guard returns the meetings that somebody should know of before they ask for an
// external ID: those that the organizer has for its ticket, in any spelling, or
// else everybody else's. Naming the second meeting of a ticket, "INC0012345~2",
// concerns that one alone. The guard is advisory: two who ask at one moment both
// pass. A Forbidden error says that the actor may not ask for the organizer.
// A form that was sent before is not held up: it makes nothing more.
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
			return g, err // it may not be asked for at all; see checkFree
		}
	}
	own, err := d.Store.TicketMeetings(ctx, externalID, u.ID, actor.User.ID, true, maxTicketMeetings)
	if err != nil {
		return g, err
	}
	own = slices.DeleteFunc(own, func(t meeting.TicketMeeting) bool {
		unfinished := t.ExternalID == externalID && t.State == meeting.Unfinished // asking again finishes it
		return unfinished || !meeting.MayMean(externalID, t.ExternalID)
	})
	if g.Own = namedFirst(own, externalID); len(g.Own) == 0 {
		g.Colleagues, err = d.Colleagues(ctx, u, externalID)
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

// auditOrganizersMeetings records that the help desk was shown an organizer's meetings, and
// reports whether the one with that external ID was made by another than the actor.
func (d *Desk) auditOrganizersMeetings(ctx context.Context, actor Actor, organizer meeting.User, externalID string) (bool, error) {
	m, err := d.Store.MeetingOf(ctx, organizer.ID, externalID)
	if err != nil {
		return false, err
	}
	return !madeBy(actor.User, m), d.Store.Audit(ctx, actor.User.ID, store.AuditHistoryRead, 0, externalID)
}

// HandOver lets the actor use a colleague's meeting for a ticket that they name:
// they may see its kit from then on, and it is audited. Any other meeting is a
// NotFound error.
func (d *Desk) HandOver(ctx context.Context, actor Actor, meetingID int64, externalID string) error {
	return d.Store.HandOver(ctx, meetingID, actor.User.ID, meeting.TicketKey(externalID))
}

// Colleagues returns everybody else's live meetings for the ticket; see
// store.TicketMeetings for their order.
func (d *Desk) Colleagues(ctx context.Context, organizer meeting.User, externalID string) ([]meeting.TicketMeeting, error) {
	list, err := d.Store.TicketMeetings(ctx, externalID, organizer.ID, 0, false, maxTicketMeetings)
	return namedFirst(list, externalID), err
}

// How many of a ticket's meetings the guard looks at, and how many it shows.
const (
	maxTicketMeetings = 50
	maxShown          = 5
)

// namedFirst returns the meetings to show: first the one that is named, however that
// is spelled.
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
