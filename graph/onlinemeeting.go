package graph

import (
	"context"
	"net/http"
	"net/url"

	"meetdesk/meeting"
)

// CreateOrGet asks for the meeting with that external ID. Reply.Created tells a
// new one (201) from one that existed (200); of the latter Graph ignores what
// was asked. It may be repeated with the same external ID without making a
// second meeting, and is, within ctx's deadline. The error is an *Error.
func (c *Client) CreateOrGet(ctx context.Context, token string, asked meeting.Asked) (Result, error) {
	return c.do(ctx, token, operation{
		method: http.MethodPost, path: "/me/onlineMeetings/createOrGet",
		body: createBody(asked), repeatable: true,
	})
}

// Meeting returns the meeting as Graph has it now. The error is an *Error.
func (c *Client) Meeting(ctx context.Context, token, id string) (Result, error) {
	return c.do(ctx, token, operation{
		method: http.MethodGet, path: meetingPath(id), repeatable: true,
	})
}

// UpdateMeeting sets subject, both times and the whole list of attendees: to
// move a meeting Graph wants both times, and takes any list for the whole one
// (onlineMeeting: update). It is repeated only after an answer that says that
// nothing was done. The error is an *Error.
func (c *Client) UpdateMeeting(ctx context.Context, token, id string, asked meeting.Asked) (Result, error) {
	return c.do(ctx, token, operation{
		method: http.MethodPatch, path: meetingPath(id), body: updateBody(asked),
	})
}

// meetingPath escapes the ID as one segment: it is opaque, about 150
// characters, and base64 may hold a slash.
func meetingPath(id string) string {
	return "/me/onlineMeetings/" + url.PathEscape(id)
}
