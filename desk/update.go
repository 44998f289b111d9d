package desk

import (
	"context"
	"fmt"

	"meetdesk/meeting"
	"meetdesk/store"
)

// Update changes a meeting of the actor's to what the request says: subject, times
// and people, as far as they are others, then each option that is another than it
// is. base is the reply that the person saw when they filled in the form, 0 for the
// newest. A Conflict error says that there is a newer one; Graph was asked nothing
// then.
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
	var begun []meeting.Attempt // all of them, before Graph is called: a crash loses none
	for _, asked := range m.Changed(r) {
		a, err := d.begin(ctx, who, store.Intention{MeetingID: meetingID, Kind: meeting.KindUpdate, Asked: asked, BaseReply: base, FormKey: partKey(key, asked)})
		if err != nil {
			return err
		}
		begun = append(begun, a.Attempt)
	}
	for _, a := range begun {
		if m, err = d.Store.Meeting(ctx, meetingID); err != nil {
			return err
		}
		if err := d.change(ctx, who, m, a); err != nil {
			return err
		}
	}
	return nil
}

// partKey returns the key under which one part of a form is carried out once.
func partKey(formKey string, asked meeting.Asked) string {
	concern := meeting.ConcernOf(meeting.KindUpdate, asked)
	if formKey == "" || concern == meeting.ConcernMeeting {
		return formKey
	}
	return formKey + "/" + string(concern)
}

// changeKey is formKey for a change: the same content on another base is a new
// intention.
func changeKey(actor Actor, r meeting.Request, base int64) (string, error) {
	key, err := formKey(actor, r)
	if err != nil || key == "" {
		return "", err
	}
	return fmt.Sprintf("%s@%d", key, base), nil
}

// Sent reports whether the actor sent that very form before.
func (d *Desk) Sent(ctx context.Context, actor Actor, r meeting.Request, base int64) (bool, error) {
	key, err := changeKey(actor, r, base)
	if err != nil {
		return false, err
	}
	return d.Store.Sent(ctx, key)
}

// checkNewest refuses a change by somebody who saw an older reply: they would undo
// what they do not know of. It returns the newest, on which the change is based.
func (d *Desk) checkNewest(ctx context.Context, meetingID, seen int64) (newest int64, err error) {
	newest, err = d.Store.LastReply(ctx, meetingID)
	if err == nil && seen != 0 && seen != newest {
		err = &meeting.Error{Code: meeting.Conflict, Key: meeting.ReasonChangeStale}
	}
	return newest, err
}
