package desk

import (
	"context"
	"slices"

	"meetdesk/meeting"
	"meetdesk/store"
)

// See returns the meeting and the person's relation to it. If the person may not see it,
// See returns the same NotFound error as for a meeting that does not exist. When the help
// desk opens somebody else's meeting, See audits that first.
func (d *Desk) See(ctx context.Context, person meeting.User, meetingID int64) (m meeting.Meeting, r meeting.Relation, err error) {
	return d.SeePart(ctx, person, meetingID, "")
}

// SeePart is See for one part of the invitation kit. The audit names that part.
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
	if !r.Own() || r.KitOnly() && person.Role.Has(meeting.HelpDesk) { // the help desk sees more than the kit
		err = d.Store.Audit(ctx, person.ID, store.AuditMeetingRead, meetingID, part)
	}
	return m, r, err
}

// TicketNeighbours returns the ticket's meetings before and after m that the person may
// see. The help desk may see everybody's. If m is the person's own meeting, opening it
// was not audited, so TicketNeighbours audits a list that includes other people's
// meetings.
func (d *Desk) TicketNeighbours(ctx context.Context, person meeting.User, m meeting.Meeting, r meeting.Relation) (before, after []meeting.Meeting, err error) {
	userID := person.ID
	if person.Role.Has(meeting.HelpDesk) {
		userID = 0 // everybody's
	}
	if before, after, err = d.Store.TicketNeighbours(ctx, m, userID); err != nil || userID != 0 || !r.Organizer && !r.Maker {
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

// Editable returns the meeting and the mode in which the person may change it. It returns
// a Forbidden error if they may only see the meeting, and a NotFound error if they may
// not even see it.
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

// CanChange reports whether the person may change the meeting now, and in which mode. The
// help desk may change a meeting that it made for another organizer only while that
// organizer is configured.
func (d *Desk) CanChange(person meeting.User, m meeting.Meeting, r meeting.Relation) (meeting.Mode, bool) {
	mode, ok := person.CanChange(r)
	if mode == meeting.Application {
		_, ok = d.App.organizer(m.Organizer.ObjectID)
	}
	return mode, ok
}

// CanRetry reports whether the person may repeat the attempt. It has to be their own
// attempt, made in the mode in which they may change the meeting now.
func CanRetry(person meeting.User, mode meeting.Mode, a meeting.Attempt) bool {
	return a.CanRetry() && a.Mode == mode && a.Actor.ID == person.ID
}
