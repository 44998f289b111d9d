package graph

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"meetdesk/meeting"
)

// UpdateMeeting sets subject, both times and the whole list of attendees: to
// move a meeting Graph wants both times, and takes any list for the whole one
// (onlineMeeting: update). With KeepPeople it says nothing of attendees, which
// stay as they are. It is repeated only after an answer that says that nothing
// was done. The error is an *Error.
func (c *Client) UpdateMeeting(ctx context.Context, as As, id string, asked meeting.Asked) (Result, error) {
	return c.meeting(ctx, as, operation{
		method: http.MethodPatch, path: as.meetings(segment(id)), body: updateBody(asked),
	}, ParseReply)
}

// SetOption sets one option of the meeting and leaves all else as it is. A value
// that the option does not have is NotSent. It is repeated like an update. The
// error is an *Error.
func (c *Client) SetOption(ctx context.Context, as As, id string, o meeting.Option, value string) (Result, error) {
	if !slices.Contains(o.Values(), value) {
		return Result{}, unusable.unsent(fmt.Errorf("option %q has no value %q", o, value))
	}
	return c.meeting(ctx, as, operation{
		method: http.MethodPatch, path: as.meetings(segment(id)), body: optionBody(o, value),
	}, ParseReply)
}

// RemoveMeeting deletes the meeting; the reply is zero. It is repeated like an
// update. IsNotFound holds for the error where there was none. The error is an
// *Error.
func (c *Client) RemoveMeeting(ctx context.Context, as As, id string) (Result, error) {
	calls, err := c.do(ctx, operation{
		method: http.MethodDelete, path: as.meetings(segment(id)), token: as.token, mode: as.mode,
		accept: func(_ int, body []byte) error { return wantNothing(body) },
	})
	return Result{Calls: calls}, err
}

var errContent = errors.New("the reply to a removal has content")

// wantNothing refuses content: Graph answers a removal with 204, and a page is
// somebody else's.
func wantNothing(body []byte) error {
	if len(bytes.TrimSpace(body)) > 0 {
		return errContent
	}
	return nil
}
