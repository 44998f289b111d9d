package desk

import (
	"context"
	"slices"

	"meetdesk/meeting"
	"meetdesk/store"
)

// See returns the meeting and the person's relation to it. For a meeting that they may not
// see, it returns the same NotFound error as for one that does not exist. Reads by anybody
// other than the organizer and the maker are recorded in the audit log.
func (d *Desk) See(ctx context.Context, person meeting.User, meetingID int64) (m meeting.Meeting, r meeting.Relation, err error) {
	return d.SeePart(ctx, person, meetingID, "")
}

// SeePart is like See but records in the audit log which part of the invitation kit was
// read.
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
	if !r.Organizer && !r.Maker {
		if err := d.Store.Audit(ctx, person.ID, store.AuditMeetingRead, meetingID, part); err != nil {
			return meeting.Meeting{}, r, err
		}
	}
	return m, r, nil
}

// TicketNeighbours returns the meetings closest to m for the same ticket that the person
// may see: up to three before m and up to three after it. The help desk may see all
// meetings. If TicketNeighbours returns other people's meetings, it records them in the
// audit log.
func (d *Desk) TicketNeighbours(ctx context.Context, person meeting.User, m meeting.Meeting) (before, after []meeting.Meeting, err error) {
	userID := person.ID
	if person.Role.Has(meeting.HelpDesk) {
		userID = 0 // 0 selects all users' meetings
	}
	if before, after, err = d.Store.TicketNeighbours(ctx, m, userID); err != nil || userID != 0 {
		return before, after, err
	}
	var others []int64
	for _, other := range slices.Concat(before, after) {
		if other.Organizer.ID != person.ID {
			others = append(others, other.ID)
		}
	}
	if err := d.Store.AuditMeetings(ctx, person.ID, store.AuditTicketRead, others, m.ExternalID); err != nil {
		return nil, nil, err
	}
	return before, after, nil
}

func unknownMeeting(id int64) error {
	return &meeting.Error{Code: meeting.NotFound, Key: meeting.ReasonMeetingUnknown, Args: meeting.Args{"ID": id}}
}

// Editable returns the meeting and the mode in which the person may change it. The error
// is Forbidden if the person may see the meeting but not change it, and NotFound if they
// may not see it.
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

// CanChange reports whether the person may change the meeting now, and in which mode. A
// meeting for another organizer can be changed only while that organizer is configured.
func (d *Desk) CanChange(person meeting.User, m meeting.Meeting, r meeting.Relation) (meeting.Mode, bool) {
	mode, ok := person.CanChange(r)
	if mode == meeting.Application {
		_, ok = d.App.organizer(m.Organizer.ObjectID)
	}
	return mode, ok
}

// CanRetry reports whether the person may retry the attempt. The attempt must be open or
// failed, and the person must have made it in the given mode.
func CanRetry(person meeting.User, mode meeting.Mode, a meeting.Attempt) bool {
	return a.CanRetry() && a.Mode == mode && a.Actor.ID == person.ID
}
