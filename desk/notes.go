package desk

import (
	"context"

	"meetdesk/meeting"
)

// AddNote adds a note to a meeting that the person may see. The error is Conflict if the
// note marks the invitation as sent but the meeting is not live.
func (d *Desk) AddNote(ctx context.Context, person meeting.User, meetingID int64, n meeting.Note) error {
	m, _, err := d.See(ctx, person, meetingID)
	if err != nil {
		return err
	}
	if n.Kind == meeting.Sent && m.State != meeting.Live {
		return errNotLive
	}
	return d.Store.AddNote(ctx, meetingID, person.ID, n)
}

// TakeBackNote hides the person's own note about a meeting that they may see. For
// somebody else's note, it returns a Forbidden error.
func (d *Desk) TakeBackNote(ctx context.Context, person meeting.User, meetingID, noteID int64) error {
	if _, _, err := d.See(ctx, person, meetingID); err != nil {
		return err
	}
	return d.Store.TakeBackNote(ctx, meetingID, person.ID, noteID)
}
