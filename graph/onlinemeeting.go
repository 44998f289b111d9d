package graph

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"meetdesk/exactjson"
	"meetdesk/meeting"
)

// CreateOrGet requests the meeting with the given external ID. Reply.Created is true for a
// new meeting (201) and false for an existing one (200), which Graph returns unchanged. The
// call is idempotent, so CreateOrGet may retry it within ctx's deadline. The error is an
// *Error.
//
// A meeting in a channel is requested from BetaURL, because v1.0 does not support it
// (onlinemeeting-createorget.md, chatInfo). If BetaURL is empty, the error has Kind NotSent
// and Reason meeting.ReasonBetaOff.
func (c *Client) CreateOrGet(ctx context.Context, as As, asked meeting.Asked) (Result, error) {
	op := operation{
		endpoint: "onlineMeetings/createOrGet",
		base:     c.BaseURL, method: http.MethodPost, path: as.meetingsPath("/createOrGet"),
		body: createBody(asked), repeatable: true,
	}
	if asked.ThreadID != "" {
		if op.base = c.BetaURL; op.base == "" {
			return Result{}, betaOff.unsent(nil)
		}
	}
	return c.meeting(ctx, as, op, ParseReply)
}

// Meeting reads the current state of the meeting from Graph. The error is an *Error.
func (c *Client) Meeting(ctx context.Context, as As, id string) (Result, error) {
	return c.meeting(ctx, as, operation{
		endpoint: "onlineMeetings/get",
		method:   http.MethodGet, path: as.meetingsPath(pathSegment(id)), repeatable: true,
	}, ParseReply)
}

// MeetingByJoinURL returns the meeting with the given join link. It searches only the
// meetings to which as gives access. The error is an *Error; IsNotFound reports whether
// there is no such meeting.
func (c *Client) MeetingByJoinURL(ctx context.Context, as As, joinURL string) (Result, error) {
	if strings.TrimSpace(joinURL) == "" {
		return Result{}, unusable.unsent(errNoLink)
	}
	filter := "JoinWebUrl eq '" + strings.ReplaceAll(joinURL, "'", "''") + "'" // OData escapes a quote by doubling it
	return c.meeting(ctx, as, operation{
		endpoint: "onlineMeetings/find",
		method:   http.MethodGet, path: as.meetingsPath(queryString("$filter", filter)), repeatable: true,
	}, parseCollection)
}

var errNotCollection = errors.New("the response is not a collection")

// parseCollection returns the first meeting of a collection. An empty collection is
// treated as a 404.
func parseCollection(body []byte) (meeting.Reply, error) {
	var list struct {
		Value []json.RawMessage `json:"value"`
	}
	if err := exactjson.Unmarshal(body, &list); err != nil {
		return meeting.Reply{}, err
	}
	if list.Value == nil {
		return meeting.Reply{}, errNotCollection
	}
	if len(list.Value) == 0 {
		return meeting.Reply{}, impliedStatus(http.StatusNotFound)
	}
	return ParseReply(list.Value[0])
}

// meeting performs an operation whose response is a meeting. parse decodes the response
// body.
func (c *Client) meeting(ctx context.Context, as As, op operation, parse func([]byte) (meeting.Reply, error)) (Result, error) {
	var reply meeting.Reply
	op.token, op.mode = as.token, as.mode
	op.accept = func(status int, body []byte) (err error) {
		if reply, err = parse(body); err == nil {
			reply.At, reply.Created = c.now(), op.method == http.MethodPost && status == http.StatusCreated
		}
		return err
	}
	calls, err := c.do(ctx, op)
	return Result{Reply: reply, Calls: calls}, err
}
