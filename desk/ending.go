package desk

import (
	"context"
	"errors"

	"meetdesk/auth"
	"meetdesk/graph"
	"meetdesk/meeting"
	"meetdesk/store"
)

// ending describes how one run of an attempt ended.
type ending struct {
	state   meeting.AttemptState
	outcome meeting.Outcome // set if the attempt is done
	origin  meeting.Origin  // set if createOrGet succeeded
	reason  meeting.Reason  // set if the attempt failed or is unfinished
}

func failed(reason meeting.Reason) ending {
	return ending{state: meeting.AttemptFailed, reason: reason}
}

// result returns the store.Result for the attempt. The given version is the meeting's
// version before this run's calls.
func (e ending) result(a meeting.Attempt, version int, calls []meeting.Call) store.Result {
	r := store.Result{AttemptID: a.ID, Version: version, State: e.state, Outcome: e.outcome, Origin: e.origin, Reason: e.reason, Calls: calls}
	if e.outcome == meeting.OutcomeUpdated {
		r.TimeZone = a.Asked.TimeZone
	}
	return r
}

// conclude returns the ending of an attempt whose call returned err. The attempt has failed
// if it is certain that Graph changed nothing. Otherwise it is unfinished. The unsure
// parameter is true if an earlier call may have taken effect.
func conclude(err error, unsure bool) ending {
	var refused *graph.Error
	if unsure || errors.As(err, &refused) && refused.Kind == graph.Unsure {
		return ending{state: meeting.AttemptUnfinished, reason: reasonOf(err)}
	}
	return failed(reasonOf(err))
}

func reasonOf(err error) meeting.Reason {
	var (
		refused *graph.Error
		known   *meeting.Error
	)
	switch {
	case errors.As(err, &refused):
		return refused.Reason
	case errors.As(err, &known) && known.Key == meeting.ReasonSignInSetup:
		return meeting.ReasonSetup
	case errors.As(err, &known) && known.Key == meeting.ReasonSignInAppSetup:
		return meeting.ReasonAppSetup
	case isWaitError(err):
		return meeting.ReasonWait
	case errors.Is(err, errApplicationOff):
		return meeting.ReasonAppOff
	case errors.As(err, &known) && known.Key == meeting.ReasonSignInUnavailable:
		return withoutToken(err)
	case errors.As(err, &known) && known.Key.OfAttempt():
		return known.Key
	case errors.Is(err, context.DeadlineExceeded): // the database took too long
		return meeting.ReasonLate
	default:
		return meeting.ReasonDesk
	}
}

// withoutToken returns the reason to record if the token endpoint returned no token. An
// endpoint that requested a delay counts as reachable.
func withoutToken(err error) meeting.Reason {
	switch wait, down := auth.RetryAfter(err); {
	case wait <= 0:
		return meeting.ReasonUnreachable
	case down:
		return meeting.ReasonBusy
	default:
		return meeting.ReasonThrottled
	}
}

// finish records how an attempt ended and returns the ID of its meeting. If recording
// fails after Graph returned the meeting, the error contains the join link, because the
// person may have no other way to get it.
func (d *Desk) finish(ctx context.Context, r store.Result) (meetingID int64, err error) {
	meetingID, err = d.Store.Finish(ctx, r)
	if err == nil {
		return meetingID, nil
	}
	if r.Outcome == meeting.OutcomeRemoved {
		return 0, &meeting.Error{Code: meeting.Internal, Key: meeting.ReasonRecordRemoved, Err: err}
	}
	if r.Reply == nil {
		return 0, err
	}
	return 0, &meeting.Error{
		Code: meeting.Internal, Key: meeting.ReasonRecordFailed,
		Args: meeting.Args{"JoinURL": r.Reply.JoinURL, "ExternalID": r.Reply.ExternalID}, Err: err,
	}
}
