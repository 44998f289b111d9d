package desk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"meetdesk/meeting"
)

// maxRowTries is the maximum number of tries for a row that fails for a temporary reason.
// Some tries do not count, such as those that Microsoft throttles.
const maxRowTries = 5

// row processes one row and returns the result. It records an attempt before it calls
// Graph, or continues the row's existing attempt.
func (r *importRun) row(ctx context.Context, t turn, row meeting.ImportRow) meeting.RowResult {
	result := meeting.RowResult{ImportID: r.ID, Position: row.Position, State: meeting.RowFailed}
	if row.Choice == meeting.ChoiceUse && row.MeetingID != 0 {
		return r.use(ctx, t.actor, row, result)
	}
	request := row.Request
	request.FormID = RowFormID(r.ID, row.Position)
	attempt, err := r.desk.createRow(ctx, t.actor, row, request)
	var known *meeting.Error
	switch {
	case err == nil:
		r.pace.note(attempt, r.desk.Now())
		return r.ended(t, row, attempt, result)
	case errors.As(err, &known):
		result.Reason, result.Args = known.Key, known.Args
		if unsure := known.Key == meeting.ReasonRolesUnsure; unsure || isWaitError(err) || known.Key == meeting.ReasonAttemptRunning {
			return r.again(row, result, unsure) // a later try may succeed
		}
	default:
		r.desk.Log.ErrorContext(ctx, "import", "import", r.ID, "row", row.Position, "error", err)
		result.Reason = meeting.ReasonInternal
	}
	return result
}

// RowFormID returns the form ID that a row of an import uses to create its meeting.
func RowFormID(importID int64, position int) string {
	return fmt.Sprintf("import/%d/%d", importID, position)
}

// use completes a row for which the person chose an existing meeting. If it is a
// colleague's meeting, the person gets access to it.
func (r *importRun) use(ctx context.Context, actor Actor, row meeting.ImportRow, result meeting.RowResult) meeting.RowResult {
	if row.Known != 0 {
		var known *meeting.Error
		if err := r.desk.HandOver(ctx, actor, row.MeetingID, row.ExternalID); errors.As(err, &known) {
			result.Reason = known.Key
			return result
		} else if err != nil {
			r.desk.Log.ErrorContext(ctx, "import", "import", r.ID, "row", row.Position, "error", err)
			result.Reason = meeting.ReasonInternal
			return r.again(row, result, true)
		}
	}
	result.MeetingID, result.State = row.MeetingID, meeting.RowFound
	return result
}

// createRow creates the meeting for a row, or continues an earlier attempt to create it,
// and returns the attempt.
func (d *Desk) createRow(ctx context.Context, actor Actor, row meeting.ImportRow, request meeting.Request) (meeting.Attempt, error) {
	key, err := formKey(actor, request)
	if err != nil {
		return meeting.Attempt{}, err
	}
	a, err := d.Store.AttemptByForm(ctx, key)
	switch {
	case err == nil && a.CanRetry():
		if _, err := d.Retry(ctx, actor, a.ID, 0); err != nil {
			return a, err
		}
	case meeting.CodeOf(err) == meeting.NotFound:
		if problems := d.CheckRoles(ctx, actor, d.OrganizerOf(ctx, actor, request.Organizer), &request, nil); problems.Any() {
			return a, &meeting.Error{Code: meeting.Invalid, Key: problems[0].Key, Args: problems[0].Args}
		}
		if _, err := d.createOrGet(ctx, actor, request, func(ctx context.Context) error { return d.guardRow(ctx, actor, row, key) }); err != nil {
			return a, err
		}
	default:
		return a, err
	}
	return d.Store.AttemptByForm(ctx, key)
}

// guardRow returns a Conflict error if there is now a meeting for the row's ticket that
// the dry run did not show; see store.IsRowTaken. It does not check a row that has already
// been sent.
func (d *Desk) guardRow(ctx context.Context, actor Actor, row meeting.ImportRow, key string) error {
	sent, err := d.Store.Sent(ctx, key)
	if err != nil || sent {
		return err
	}
	taken, err := d.Store.IsRowTaken(ctx, actor.User.ID, row)
	if err == nil && taken {
		err = &meeting.Error{Code: meeting.Conflict, Key: meeting.ReasonImportTaken}
	}
	return err
}

// ended derives the result of a row from its attempt. It pauses the import if the attempt
// failed because of a problem with the person's sign-in or permissions.
func (r *importRun) ended(t turn, row meeting.ImportRow, a meeting.Attempt, result meeting.RowResult) meeting.RowResult {
	result.MeetingID, result.Reason = a.MeetingID, a.Reason
	switch {
	case a.State == meeting.AttemptDone && a.Outcome == meeting.OutcomeFound:
		result.State = meeting.RowFound
	case a.State == meeting.AttemptDone:
		result.State = meeting.RowCreated
	case isSignInReason(a.Reason):
		r.pause(context.Background(), t, a.Reason)
		return r.again(row, result, false)
	case a.Reason == meeting.ReasonThrottled || a.Reason == meeting.ReasonWait:
		return r.again(row, result, false)
	case a.State == meeting.AttemptUnfinished || a.State == meeting.AttemptPending || isPassing(a.Reason):
		return r.again(row, result, true)
	case a.State != meeting.AttemptFailed:
		result.Reason = meeting.ReasonAttemptClosed
	}
	return result
}

// isPassing reports whether the reason is temporary. It returns false for throttling, which
// the caller handles.
func isPassing(why meeting.Reason) bool {
	switch why {
	case meeting.ReasonBusy, meeting.ReasonConflict, meeting.ReasonLate, meeting.ReasonServerError, meeting.ReasonUnreachable, meeting.ReasonNoAnswer, meeting.ReasonProxy, meeting.ReasonTLS:
		return true
	}
	return false
}

// again returns the result for a row that is to be retried later. If the counts parameter
// is set, the try counts towards maxRowTries, and the delay doubles with each try. After
// maxRowTries tries, the given result is returned unchanged.
func (r *importRun) again(row meeting.ImportRow, result meeting.RowResult, counts bool) meeting.RowResult {
	if counts && row.Tries+1 >= maxRowTries {
		return result
	}
	result.State, result.Counts = meeting.RowWaiting, counts
	if counts {
		result.After = r.desk.Now().Add(2 * time.Second << row.Tries)
	}
	return result
}

// wasRefused reports whether Graph throttled one of the attempt's calls.
func wasRefused(a meeting.Attempt) bool {
	for _, c := range a.Calls {
		if c.Status == http.StatusTooManyRequests {
			return true
		}
	}
	return false
}
