package desk

import (
	"context"

	"meetdesk/meeting"
	"meetdesk/store"
)

// See returns the meeting and how the person stands to it. A meeting that is
// not theirs to see is a NotFound error, as if there were none: its existence
// is private. A help desk's look at somebody else's meeting is in the audit
// before it is on the screen.
func (d *Desk) See(ctx context.Context, person meeting.User, meetingID int64) (m meeting.Meeting, r meeting.Relation, err error) {
	if m, err = d.Store.Meeting(ctx, meetingID); err != nil {
		return m, r, err
	}
	if r, err = d.Store.Relation(ctx, meetingID, person.ID); err != nil {
		return m, r, err
	}
	if !person.CanSee(r) {
		return meeting.Meeting{}, r, &meeting.Error{Code: meeting.NotFound, Key: "meeting.unknown", Args: meeting.Args{"ID": meetingID}}
	}
	if !r.Own() {
		err = d.Store.Audit(ctx, person.ID, store.AuditMeetingRead, meetingID, "")
	}
	return m, r, err
}

// Own returns the meeting if it is the person's to change. Somebody else's is
// a Forbidden error to a person who may see it, and otherwise a NotFound one.
func (d *Desk) Own(ctx context.Context, person meeting.User, meetingID int64) (meeting.Meeting, error) {
	m, r, err := d.See(ctx, person, meetingID)
	if err == nil && !person.CanChange(r) {
		err = &meeting.Error{Code: meeting.Forbidden, Key: "access.change",
			Args: meeting.Args{"Name": m.Organizer.DisplayName(), "UPN": m.Organizer.UPN}}
	}
	return m, err
}
