package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"meetdesk/meeting"
)

// Patch is what an update changes of a meeting. What is nil or zero stays as it
// is: Graph wants no other properties than those (onlineMeeting: update).
type Patch struct {
	Subject    *string
	Start, End time.Time // both, or neither: Graph moves a meeting by both
	Options    meeting.Options
	People     *People // the whole list; Graph removes people who are left out
}

// People is the list of a meeting's attendees as it is to be.
type People struct {
	Attendees []meeting.Attendee
	Current   json.RawMessage // Graph's newest reply about the meeting, whose people go back as they came
}

// there returns the entries of the list that Graph has.
func (p People) currentEntries() (list []json.RawMessage) {
	if json.Unmarshal(jsonObject(jsonObject(p.Current)["participants"])["attendees"], &list) != nil {
		return nil
	}
	return list
}

var errNoChange = errors.New("the update changes nothing")

// UpdateMeeting changes what the patch names. One that names nothing, and a value
// that an option does not have, are NotSent. It is repeated only after an answer that says that nothing was done.
// The error is an *Error.
func (c *Client) UpdateMeeting(ctx context.Context, as As, id string, p Patch) (Result, error) {
	if p.Subject == nil && p.Start.IsZero() && p.People == nil && p.Options == (meeting.Options{}) {
		return Result{}, unusable.unsent(errNoChange)
	}
	for _, o := range p.Options.Chosen() {
		if value := p.Options.Get(o); !slices.Contains(o.Values(), value) {
			return Result{}, unusable.unsent(fmt.Errorf("option %q has no value %q", o, value))
		}
	}
	return c.meeting(ctx, as, operation{
		method: http.MethodPatch, path: as.meetingsPath(pathSegment(id)), body: updateBody(p),
	}, ParseReply)
}

// RemoveMeeting deletes the meeting; the reply is zero. It is repeated like an
// update. IsNotFound holds for the error where there was none. The error is an
// *Error.
func (c *Client) RemoveMeeting(ctx context.Context, as As, id string) (Result, error) {
	calls, err := c.do(ctx, operation{
		method: http.MethodDelete, path: as.meetingsPath(pathSegment(id)), token: as.token, mode: as.mode,
		accept: func(_ int, body []byte) error { return expectEmpty(body) },
	})
	return Result{Calls: calls}, err
}

var errNotEmpty = errors.New("the reply to a removal has content")

// wantNothing refuses content: Graph answers a removal with 204, and a page is
// somebody else's.
func expectEmpty(body []byte) error {
	if len(bytes.TrimSpace(body)) > 0 {
		return errNotEmpty
	}
	return nil
}
