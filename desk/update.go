package desk

import (
	"context"
	"fmt"

	"meetdesk/meeting"
	"meetdesk/store"
)

// Update changes a meeting to match the request. The base parameter is the ID of the reply
// that the person saw, or 0 for the newest. If there is a newer reply, Update returns a
// Conflict error and sends nothing.
func (d *Desk) Update(ctx context.Context, actor Actor, meetingID int64, r meeting.Request, base int64) error {
	ctx = context.WithoutCancel(ctx)
	key, err := changeKey(actor, r, base)
	if err != nil {
		return err
	}
	m, who, unlock, err := d.lockLive(ctx, actor, meetingID)
	if err != nil {
		return err
	}
	defer unlock()
	if sent, err := d.Store.Sent(ctx, key); err != nil || sent {
		return err
	}
	if base, err = d.checkNewest(ctx, meetingID, base); err != nil {
		return err
	}
	r.Attendees = d.resolve(ctx, who, meeting.Resolve(meeting.Keep(r.Attendees, m.Attendees), r.Found))
	var parts []store.Intention
	for _, asked := range m.Changed(r) {
		parts = append(parts, store.Intention{MeetingID: meetingID, Kind: meeting.KindUpdate, Asked: asked, BaseReply: base, FormKey: partKey(key, asked)})
	}
	begun, err := d.begin(ctx, who, parts...)
	if err != nil {
		return err
	}
	for i, a := range begun {
		if m, err = d.Store.Meeting(ctx, meetingID); err == nil {
			err = d.change(ctx, who, m, a.Attempt)
		}
		if err != nil {
			d.leave(ctx, begun[i+1:])
			return err
		}
	}
	return nil
}

// leave marks the attempts as failed so that the person can retry them.
func (d *Desk) leave(ctx context.Context, begun []store.Begun) {
	for _, a := range begun {
		r := store.Result{AttemptID: a.ID, State: meeting.AttemptFailed, Reason: meeting.ReasonDesk}
		if _, err := d.Store.Finish(ctx, r); err != nil {
			d.Log.ErrorContext(ctx, "leave an attempt", "attempt", a.ID, "error", err)
		}
	}
}

// partKey returns the form key for one part of a change. Because each part has its own key,
// submitting the form twice does not repeat any part.
func partKey(formKey string, asked meeting.Asked) string {
	concern := meeting.ConcernOf(meeting.KindUpdate, asked)
	if formKey == "" || concern == meeting.ConcernMeeting {
		return formKey
	}
	return formKey + "/" + string(concern)
}

// changeKey returns the form key for a change, or "" if the form has no ID. The same
// content counts as a different change if it is based on another reply.
func changeKey(actor Actor, r meeting.Request, base int64) (string, error) {
	key, err := formKey(actor, r)
	if err != nil || key == "" {
		return "", err
	}
	return fmt.Sprintf("%s@%d", key, base), nil
}

// Sent reports whether the actor has already submitted this form.
func (d *Desk) Sent(ctx context.Context, actor Actor, r meeting.Request, base int64) (bool, error) {
	key, err := changeKey(actor, r, base)
	if err != nil {
		return false, err
	}
	return d.Store.Sent(ctx, key)
}

// checkNewest returns the ID of the newest reply about the meeting. The error is Conflict
// if the person saw an older reply, because their change could overwrite something that
// they have not seen.
func (d *Desk) checkNewest(ctx context.Context, meetingID, seen int64) (newest int64, err error) {
	newest, err = d.Store.LastReply(ctx, meetingID)
	if err == nil && seen != 0 && seen != newest {
		err = &meeting.Error{Code: meeting.Conflict, Key: meeting.ReasonChangeStale}
	}
	return newest, err
}
