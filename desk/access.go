package desk

import (
	"context"
	"slices"

	"meetdesk/meeting"
	"meetdesk/store"
)

// See returns the meeting and how the person stands to it. A meeting that is
// not theirs to see is a NotFound error, as if there were none: its existence
// is private. A help desk's look at somebody else's meeting is in the audit
// before it is on the screen.
func (d *Desk) See(ctx context.Context, person meeting.User, meetingID int64) (m meeting.Meeting, r meeting.Relation, err error) {
	return d.SeePart(ctx, person, meetingID, "")
}

// SeePart is See for one part of the meeting's kit, which the audit names.
func (d *Desk) SeePart(ctx context.Context, person meeting.User, meetingID int64, part string) (m meeting.Meeting, r meeting.Relation, err error) {
	if m, err = d.Store.Meeting(ctx, meetingID); err != nil {
		return m, r, err
	}
	if r, err = d.Store.Relation(ctx, meetingID, person.ID); err != nil {
		return m, r, err
	}
	if !person.CanSee(r) {
		return meeting.Meeting{}, r, unknownMeeting(meetingID)
	}
	if !r.Own() || r.KitOnly() && person.Role.Has(meeting.HelpDesk) { // who sees more than the kit
		err = d.Store.Audit(ctx, person.ID, store.AuditMeetingRead, meetingID, part)
	}
	return m, r, err
}

// TicketNeighbours returns what there is of m's ticket before it and after it, as far as the
// person may see it: everybody's for the help desk. TicketNeighbours a meeting of their own,
// a look at which is not in the audit, the list of others' is.
func (d *Desk) TicketNeighbours(ctx context.Context, person meeting.User, m meeting.Meeting, r meeting.Relation) (before, after []meeting.Meeting, err error) {
	whose := person.ID
	if person.Role.Has(meeting.HelpDesk) {
		whose = 0
	}
	if before, after, err = d.Store.TicketNeighbours(ctx, m, whose); err != nil || whose != 0 || !r.Organizer && !r.Maker {
		return before, after, err
	}
	for _, other := range slices.Concat(before, after) {
		if other.Organizer.ID != person.ID {
			return before, after, d.Store.Audit(ctx, person.ID, store.AuditHistoryRead, 0, m.ExternalID)
		}
	}
	return before, after, nil
}

func unknownMeeting(id int64) error {
	return &meeting.Error{Code: meeting.NotFound, Key: meeting.ReasonMeetingUnknown, Args: meeting.Args{"ID": id}}
}

// Editable returns the meeting if it is the person's to change, and the mode in which
// they may. Somebody else's is a Forbidden error to a person who may see it, and
// otherwise a NotFound one.
func (d *Desk) Editable(ctx context.Context, person meeting.User, meetingID int64) (m meeting.Meeting, mode meeting.Mode, err error) {
	m, r, err := d.See(ctx, person, meetingID)
	if err != nil {
		return m, "", err
	}
	mode, ok := d.CanChange(person, m, r)
	if !ok {
		err = &meeting.Error{Code: meeting.Forbidden, Key: meeting.ReasonAccessChange,
			Args: meeting.Args{"Name": m.Organizer.DisplayName(), "UPN": m.Organizer.UPN}}
	}
	return m, mode, err
}

// CanChange reports whether the person may change the meeting at present, and in
// which mode. That somebody made it for another organizer counts only while the
// desk may act for that organizer.
func (d *Desk) CanChange(person meeting.User, m meeting.Meeting, r meeting.Relation) (meeting.Mode, bool) {
	mode, ok := person.CanChange(r)
	if mode == meeting.Application {
		_, ok = d.App.organizer(m.Organizer.ObjectID)
	}
	return mode, ok
}

// CanRetry reports whether the person may go on with the attempt: with their own
// attempts only, in the mode in which they may change the meeting now.
func CanRetry(person meeting.User, mode meeting.Mode, a meeting.Attempt) bool {
	return a.CanRetry() && a.Mode == mode && a.Actor.ID == person.ID
}
