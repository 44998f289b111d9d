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

// Patch describes the changes that an update makes. Nil and zero fields are not sent, so
// they change nothing (onlineMeeting: update).
type Patch struct {
	Subject    *string
	Start, End time.Time // either both are set or neither is
	Options    meeting.Options
	People     *People // the complete new list; Graph removes people who are not in it
}

// People is the new list of a meeting's attendees.
type People struct {
	Attendees []meeting.Attendee
	// Current is Graph's newest reply about the meeting. The entries of people who remain
	// in the meeting are copied from it, except for their roles.
	Current json.RawMessage
}

func (p People) currentEntries() (list []json.RawMessage) {
	if json.Unmarshal(jsonObject(jsonObject(p.Current)["participants"])["attendees"], &list) != nil {
		return nil
	}
	return list
}

var errNoChange = errors.New("the update changes nothing")

// UpdateMeeting applies the patch. If the patch is empty or contains an unknown option
// value, nothing is sent, and the error's Kind is NotSent. A failed try is repeated only if
// it cannot have taken effect. The error is an *Error.
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
		endpoint: "onlineMeetings/update",
		method:   http.MethodPatch, path: as.meetingsPath(pathSegment(id)), body: updateBody(p),
	}, ParseReply)
}

// RemoveMeeting deletes the meeting. The result contains no reply. A failed try is
// repeated only if it cannot have taken effect. The error is an *Error; IsNotFound
// reports whether there is no such meeting.
func (c *Client) RemoveMeeting(ctx context.Context, as As, id string) (Result, error) {
	calls, err := c.do(ctx, operation{
		endpoint: "onlineMeetings/delete",
		method:   http.MethodDelete, path: as.meetingsPath(pathSegment(id)), token: as.token, mode: as.mode,
		accept: func(_ int, body []byte) error { return expectEmpty(body) },
	})
	return Result{Calls: calls}, err
}

var errNotEmpty = errors.New("the response to a removal has content")

// expectEmpty returns an error if the body is not empty. Graph answers a removal with
// an empty 204, so a body with content must come from another server.
func expectEmpty(body []byte) error {
	if len(bytes.TrimSpace(body)) > 0 {
		return errNotEmpty
	}
	return nil
}
