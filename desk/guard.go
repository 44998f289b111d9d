package desk

import (
	"context"
	"slices"
	"strings"

	"meetdesk/meeting"
	"meetdesk/store"
)

// Guard returns at most five meetings that a person should know about before they create
// another one for a ticket. Different spellings of a ticket are treated as the same ticket.
// Guard returns the organizer's meetings to which the external ID may refer. For example,
// "INC0012345~2" refers only to the second meeting. If the organizer has no such meetings,
// Guard returns other people's meetings for the ticket, whatever their external IDs,
// because the person may not know about them.
//
// Guard returns no meetings if the request cannot create another one, for example because
// the form has already been submitted.
//
// If r.Guard is set, CreateOrGet repeats the check while holding a lock. If the actor may
// not create meetings for the organizer, the error is Forbidden.
func (d *Desk) Guard(ctx context.Context, actor Actor, r meeting.Request) (meeting.Guarded, error) {
	g, err := d.guard(ctx, actor, r)
	return d.shown(ctx, actor, r, g, err)
}

// GuardOwn is like Guard but omits colleagues' meetings. It is used for people who have
// reached their look-up limit.
func (d *Desk) GuardOwn(ctx context.Context, actor Actor, r meeting.Request) (meeting.Guarded, error) {
	g, err := d.guard(ctx, actor, r)
	g.Colleagues = nil
	return d.shown(ctx, actor, r, g, err)
}

// shown records in the audit log that the actor viewed the other people's meetings in g,
// and returns g. If err is not nil or recording fails, it returns the error and no meetings.
func (d *Desk) shown(ctx context.Context, actor Actor, r meeting.Request, g meeting.Guarded, err error) (meeting.Guarded, error) {
	if err == nil {
		err = d.auditTicket(ctx, actor.User, r.ExternalID, slices.Concat(g.Own, g.Colleagues))
	}
	if err != nil {
		return meeting.Guarded{}, err
	}
	return g, nil
}

// guard returns the meetings for Guard. It records nothing in the audit log, because the
// caller may decide not to show the meetings.
func (d *Desk) guard(ctx context.Context, actor Actor, r meeting.Request) (g meeting.Guarded, err error) {
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
		unfinished := t.ExternalID == externalID && t.State == meeting.Unfinished // the request will finish creating this meeting
		return unfinished || !meeting.MayMean(externalID, t.ExternalID)
	})
	if g.Own = namedFirst(own, externalID); len(g.Own) == 0 {
		g.Colleagues, err = d.colleagues(ctx, actor.User, u, externalID)
		return g, err
	}
	if mode == meeting.Application {
		first, err := d.Store.MeetingOf(ctx, u.ID, g.Own[0].ExternalID)
		if err != nil {
			return g, err
		}
		g.Theirs = !madeBy(actor.User, first)
	}
	taken, err := d.Store.TicketExternalIDs(ctx, u.ID, meeting.TicketKey(externalID))
	g.AnotherID = meeting.AnotherExternalID(g.Own[0].ExternalID, taken)
	return g, err
}

// auditTicket records in the audit log that the person viewed the meetings in the list,
// except those that they organize.
func (d *Desk) auditTicket(ctx context.Context, person meeting.User, externalID string, list []meeting.TicketMeeting) error {
	var others []int64
	for _, t := range list {
		if t.Organizer.ID != person.ID {
			others = append(others, t.ID)
		}
	}
	return d.Store.AuditMeetings(ctx, person.ID, store.AuditTicketRead, others, externalID)
}

// Colleagues returns at most five live meetings for the ticket, excluding the given
// organizer's. It records in the audit log that the person viewed these meetings. Meetings
// whose external ID matches the given one, regardless of spelling, come first. The others
// follow in the order in which store.TicketMeetings returns them. NoAccess is set on
// meetings to which somebody else has revoked the person's access.
func (d *Desk) Colleagues(ctx context.Context, person, organizer meeting.User, externalID string) ([]meeting.TicketMeeting, error) {
	list, err := d.colleagues(ctx, person, organizer, externalID)
	if err == nil {
		err = d.auditTicket(ctx, person, externalID, list)
	}
	if err != nil {
		return nil, err
	}
	return list, nil
}

func (d *Desk) colleagues(ctx context.Context, person, organizer meeting.User, externalID string) ([]meeting.TicketMeeting, error) {
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

// GuessTickets returns up to limit ticket numbers that the text may abbreviate, and records
// them in the audit log. Each of the tickets has a live meeting, which the person is not
// necessarily allowed to see.
func (d *Desk) GuessTickets(ctx context.Context, person meeting.User, text string, limit int) ([]string, error) {
	tickets, err := d.Store.GuessTickets(ctx, text, limit)
	if err == nil && len(tickets) > 0 {
		err = d.Store.Audit(ctx, person.ID, store.AuditTicketRead, 0, text+" → "+strings.Join(tickets, ", "))
	}
	if err != nil {
		return nil, err
	}
	return tickets, nil
}

const (
	maxTicketMeetings = 50 // the maximum number of meetings that the guard reads
	maxShown          = 5  // the maximum number of meetings that the guard returns
)

// namedFirst moves meetings whose external ID matches the given one, regardless of
// spelling, to the front. It returns the first maxShown meetings.
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
