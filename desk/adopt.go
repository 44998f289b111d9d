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

// Adopt brings in a meeting of the actor's own that was not made here, by its
// join link, and returns its row. A link that is nobody's, or a colleague's, is
// an Invalid error about the link; nothing was recorded then.
func (d *Desk) Adopt(ctx context.Context, actor Actor, joinURL string) (meetingID int64, err error) {
	ctx = context.WithoutCancel(ctx)
	who, err := d.newCaller(actor, meeting.Delegated, actor.User, d.deadline())
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
	// Somebody may have been at work on it: what is recorded is how it is now.
	now, err := d.lookByLink(ctx, who, joinURL)
	if err != nil {
		return 0, err
	}
	return d.Store.Adopt(ctx, store.Adoption{Organizer: actor.User, Reply: now.Reply, Calls: append(found.Calls, now.Calls...)})
}

// lookByLink returns the actor's own meeting with the link.
func (d *Desk) lookByLink(ctx context.Context, who caller, joinURL string) (graph.Result, error) {
	result, err := d.call(ctx, who, func(ctx context.Context, c *graph.Client, as graph.As) (graph.Result, error) {
		return c.MeetingByJoinURL(ctx, as, joinURL)
	})
	if err != nil {
		d.Log.WarnContext(ctx, "adopt", "error", err)
		return result, d.notAdopted(err)
	}
	// Graph looks among the actor's own meetings; what it gave is held to that.
	if id := result.Reply.OrganizerID; id != "" && !strings.EqualFold(id, who.organizer.ObjectID) {
		err = &meeting.Error{Code: meeting.Invalid, Key: meeting.ReasonAdoptColleague}
	}
	return result, err
}

// notAdopted is what the person reads about a link that brought no meeting.
func (d *Desk) notAdopted(err error) error {
	var refused *graph.Error
	if !errors.As(err, &refused) {
		return err
	}
	if refused.RetryAfter > 0 {
		return &meeting.Error{Code: meeting.Unavailable, Key: waitKey, Args: meeting.Args{"Until": d.Now().Add(refused.RetryAfter)}, Err: err}
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
