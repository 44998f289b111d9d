package desk

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"meetdesk/graph"
	"meetdesk/meeting"
	"meetdesk/store"
)

// Adopt finds one of the actor's own meetings by its join link, records it, and returns its
// ID. The meeting may have been created outside the desk. If the request to Graph fails,
// the error's code is Invalid, or Unavailable if Microsoft requested a delay. If Adopt
// returns an error, it has not recorded the meeting.
func (d *Desk) Adopt(ctx context.Context, actor Actor, joinURL string) (meetingID int64, err error) {
	ctx = context.WithoutCancel(ctx)
	who, err := newCaller(actor, meeting.Delegated, actor.User, d.deadline())
	if err != nil {
		return 0, err
	}
	found, err := d.lookByLink(ctx, who, joinURL)
	if err != nil {
		return 0, err
	}
	key := found.Reply.ExternalID
	if known, err := d.Store.MeetingByGraphID(ctx, actor.User.ID, found.Reply.GraphID); err == nil {
		key = known.ExternalID
	}
	unlock, err := d.LockMeeting(ctx, actor.User.ID, key, who.deadline)
	if err != nil {
		return 0, err
	}
	defer unlock()
	// Read the meeting again, because it may have changed before it was locked.
	now, err := d.lookByLink(ctx, who, joinURL)
	if err != nil {
		return 0, err
	}
	return d.Store.Adopt(ctx, store.Adoption{Organizer: actor.User, Reply: now.Reply, Calls: append(found.Calls, now.Calls...)})
}

func (d *Desk) lookByLink(ctx context.Context, who caller, joinURL string) (graph.Result, error) {
	result, err := d.call(ctx, who, func(ctx context.Context, c *graph.Client, as graph.As) (graph.Result, error) {
		return c.MeetingByJoinURL(ctx, as, joinURL)
	})
	if err != nil {
		d.Log.WarnContext(ctx, "adopt", "error", err)
		return result, d.notAdopted(err)
	}
	// Graph should search only the actor's own meetings. Make sure that it did.
	if id := result.Reply.OrganizerID; id != "" && !strings.EqualFold(id, who.organizer.ObjectID) {
		err = &meeting.Error{Code: meeting.Invalid, Key: meeting.ReasonAdoptColleague}
	}
	return result, err
}

// notAdopted returns the error to show if Graph returned no meeting for the link.
func (d *Desk) notAdopted(err error) error {
	var refused *graph.Error
	if !errors.As(err, &refused) {
		return err
	}
	if refused.RetryAfter > 0 {
		return &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonRetryWait, Args: meeting.Args{"Until": d.Now().Add(refused.RetryAfter)}, Err: err}
	}
	key, args := refused.Reason, meeting.Args{"Status": refused.Status, "Code": refused.Code}
	switch refused.Reason {
	case meeting.ReasonNotFound, meeting.ReasonBadRequest:
		if refused.Status == http.StatusNotFound || refused.Status == http.StatusBadRequest {
			key = meeting.ReasonAdoptNotFound
		}
	case meeting.ReasonForbidden:
		key = meeting.ReasonAdoptColleague
	}
	return &meeting.Error{Code: meeting.Invalid, Key: key, Args: args, Err: err}
}
