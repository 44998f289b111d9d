package desk

import (
	"context"
	"errors"
	"strings"

	"meetdesk/auth"
	"meetdesk/graph"
	"meetdesk/meeting"
	"meetdesk/store"
)

// conclude tells what an error makes of an attempt: failed when it is certain
// that nothing happened at Microsoft, otherwise unfinished. unsure says that an
// earlier try may have taken effect.
func conclude(err error, unsure bool) (state meeting.AttemptState, reason string) {
	var (
		refused *graph.Error
		known   *meeting.Error
	)
	switch {
	case errors.As(err, &refused):
		reason = refused.Reason
		unsure = unsure || refused.Kind == graph.Unsure
	case errors.As(err, &known) && known.Key == "signin.setup":
		reason = "reason.setup"
	case errors.As(err, &known) && known.Key == "signin.app_setup":
		reason = "reason.app_setup"
	case isWait(err):
		reason = "reason.wait"
	case errors.Is(err, errOff):
		reason = "reason.app_off"
	case errors.As(err, &known) && known.Key == "signin.unavailable":
		reason = withoutToken(err)
	case errors.As(err, &known) && strings.HasPrefix(known.Key, "reason."):
		reason = known.Key
	default:
		reason = "reason.desk"
	}
	if unsure {
		return meeting.AttemptUnfinished, reason
	}
	return meeting.AttemptFailed, reason
}

// withoutToken is the reason where the token endpoint gave no token: one that asks
// to be left alone for a while has been reached.
func withoutToken(err error) string {
	switch wait, down := auth.RetryAfter(err); {
	case wait <= 0:
		return "reason.unreachable"
	case down:
		return "reason.busy"
	default:
		return "reason.throttled"
	}
}

// finish records the outcome. When that fails although Graph has the meeting,
// the error carries the join link: it is all there is.
func (d *Desk) finish(ctx context.Context, r store.Result) (meetingID int64, err error) {
	meetingID, err = d.Store.Finish(ctx, r)
	if err == nil {
		return meetingID, nil
	}
	if r.Reply == nil {
		return 0, err
	}
	return 0, &meeting.Error{
		Code: meeting.Internal, Key: "record.failed",
		Args: meeting.Args{"JoinURL": r.Reply.JoinURL, "ExternalID": r.Reply.ExternalID}, Err: err,
	}
}
