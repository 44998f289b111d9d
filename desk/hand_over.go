package desk

import (
	"context"

	"meetdesk/meeting"
)

// HandOver grants the actor access to the invitation kit of a colleague's live meeting and
// records the hand-over in the audit log. The error is NotFound if the meeting is not live
// or the external ID does not name the meeting's ticket. It is Forbidden if somebody else
// has revoked the actor's access.
func (d *Desk) HandOver(ctx context.Context, actor Actor, meetingID int64, externalID string) error {
	return d.Store.HandOver(ctx, meetingID, actor.User.ID, meeting.TicketKey(externalID))
}

// People returns the people who have or had access to the meeting through a hand-over. A
// person who has access only in this way sees only their own entry, unless they work at
// the help desk.
func (d *Desk) People(ctx context.Context, person meeting.User, m meeting.Meeting, r meeting.Relation) (p meeting.People, err error) {
	if p, err = d.Store.People(ctx, m.ID); err != nil || !r.KitOnly() || person.Role.Has(meeting.HelpDesk) {
		return p, err
	}
	own := meeting.People{}
	for _, h := range p.Now {
		if h.Person.ID == person.ID {
			own.Now = append(own.Now, h)
		}
	}
	return own, nil
}

// CanEnd reports whether the person may end the given access. People may end their own
// access and any access that they granted to others. A person who manages the meeting may
// end anybody's access.
func CanEnd(person meeting.User, r meeting.Relation, h meeting.HandedOver) bool {
	return person.CanManage(r) || h.Person.ID == person.ID || h.By.ID == person.ID
}

// ToEnd returns the hand-over that gives access to the person with the given ID. The error
// is Forbidden if the actor may not end that access; see CanEnd. If the person has no
// access, an actor who manages the meeting gets a zero HandedOver, and any other actor gets
// a Forbidden error.
func ToEnd(actor meeting.User, r meeting.Relation, p meeting.People, personID int64) (meeting.HandedOver, error) {
	for _, h := range p.Now {
		if h.Person.ID == personID && CanEnd(actor, r, h) {
			return h, nil
		}
	}
	if !actor.CanManage(r) {
		return meeting.HandedOver{}, errAccessOthers
	}
	return meeting.HandedOver{}, nil
}

// EndAccess revokes a person's access to a meeting that was handed over to them. The error
// is Forbidden if the actor may not revoke it; see CanEnd.
func (d *Desk) EndAccess(ctx context.Context, actor Actor, meetingID, personID int64) error {
	m, r, err := d.See(ctx, actor.User, meetingID)
	if err != nil {
		return err
	}
	p, err := d.Store.People(ctx, m.ID)
	if err != nil {
		return err
	}
	if h, err := ToEnd(actor.User, r, p, personID); err != nil || h.Person.ID == 0 {
		return err
	}
	return d.Store.EndAccess(ctx, m.ID, personID, actor.User.ID)
}

// GiveAccess restores people's access to the meeting. It ignores people who are in neither
// Ended nor Earlier; see meeting.People. It returns a Forbidden error if the actor does
// not manage the meeting.
func (d *Desk) GiveAccess(ctx context.Context, actor Actor, meetingID int64, people []int64) error {
	m, r, err := d.See(ctx, actor.User, meetingID)
	if err != nil {
		return err
	}
	if !actor.User.CanManage(r) {
		return errAccessOthers
	}
	return d.Store.GiveAccess(ctx, m.ID, actor.User.ID, people)
}

var errAccessOthers = &meeting.Error{Code: meeting.Forbidden, Key: meeting.ReasonAccessOthers}
