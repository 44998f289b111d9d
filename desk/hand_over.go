package desk

import (
	"context"

	"meetdesk/meeting"
)

// HandOver lets the actor use a colleague's live meeting, and records that in the audit
// log. Afterwards the actor may see the meeting's invitation kit. If the external ID does
// not name the meeting's ticket, HandOver returns a NotFound error. If somebody else ended
// the actor's access, it returns a Forbidden error.
func (d *Desk) HandOver(ctx context.Context, actor Actor, meetingID int64, externalID string) error {
	return d.Store.HandOver(ctx, meetingID, actor.User.ID, meeting.TicketKey(externalID))
}

// People returns the people to whom the meeting was handed over. A person who has access
// only because of a hand-over gets only their own entry.
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

// CanEnd reports whether the person may end this access. Everybody may end their own
// access and access that they gave. A person who manages the meeting may end anybody's.
func CanEnd(person meeting.User, r meeting.Relation, h meeting.HandedOver) bool {
	return person.CanManage(r) || h.Person.ID == person.ID || h.By.ID == person.ID
}

// ToEnd returns the access of the person with the given ID, or a zero HandedOver if they
// have none. If the actor may not end it, ToEnd returns a Forbidden error; see CanEnd.
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

// EndAccess ends the access of a person to whom the meeting was handed over. It returns a
// Forbidden error if the actor may not do that; see CanEnd. If the person no longer has
// access, it does nothing.
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

// GiveAccess gives the people access to the meeting. It leaves out people who never had
// access to this meeting or to the one that it replaced. Only somebody who may manage the
// meeting can do that; anybody else gets a Forbidden error.
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
