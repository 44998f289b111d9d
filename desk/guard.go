package desk

import (
	"context"

	"meetdesk/meeting"
)

// Guard returns the colleagues who have a meeting for the ticket that somebody
// asks for, unless whose meeting it is to be has one under just that external ID:
// Graph gives that one back and makes no second. It is advisory; two who ask at
// one moment both pass. That the actor may not ask for the organizer is a
// Forbidden error.
func (d *Desk) Guard(ctx context.Context, actor Actor, externalID, organizer string) ([]meeting.Colleague, error) {
	u, _, err := d.organizerOf(ctx, actor, organizer)
	if err != nil {
		return nil, err
	}
	m, err := d.Store.MeetingOf(ctx, u.ID, externalID)
	if err == nil && m.State == meeting.Live {
		return nil, nil
	}
	if err != nil && meeting.CodeOf(err) != meeting.NotFound {
		return nil, err
	}
	return d.Colleagues(ctx, u, externalID)
}

// HandOver lets the actor use a colleague's meeting for a ticket that they name:
// they may see its kit from then on, and it is audited. Any other meeting is a
// NotFound error.
func (d *Desk) HandOver(ctx context.Context, actor Actor, meetingID int64, externalID string) error {
	return d.Store.HandOver(ctx, meetingID, actor.User.ID, meeting.TicketKey(externalID))
}

// Colleagues returns who else has a meeting for the ticket.
func (d *Desk) Colleagues(ctx context.Context, organizer meeting.User, externalID string) ([]meeting.Colleague, error) {
	return d.Store.Colleagues(ctx, meeting.TicketKey(externalID), organizer.ID, maxColleagues)
}

// maxColleagues is how many of a ticket's other meetings are named.
const maxColleagues = 5
