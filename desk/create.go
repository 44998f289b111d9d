package desk

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"meetdesk/graph"
	"meetdesk/meeting"
	"meetdesk/store"
)

// CreateOrGet creates or gets the organizer's meeting with the external ID in Graph and
// returns the ID of its row. A Graph failure is recorded in the attempt rather than
// returned. An error usually means that nothing was recorded. However,
// meeting.ReasonRecordFailed means that the meeting exists in Graph but could not be
// recorded.
func (d *Desk) CreateOrGet(ctx context.Context, actor Actor, r meeting.Request) (meetingID int64, err error) {
	if !r.Guard {
		return d.createOrGet(ctx, actor, r, nil)
	}
	return d.createOrGet(ctx, actor, r, func(ctx context.Context) error {
		found, err := d.guard(ctx, actor, r)
		if err == nil && found.Any() {
			err = ErrTicketTaken
		}
		return err
	})
}

// createOrGet is like CreateOrGet but calls the given guard, if any, instead of using
// r.Guard. It locks the ticket before it calls the guard and unlocks it when it returns. If
// the guard returns an error, nothing is created.
func (d *Desk) createOrGet(ctx context.Context, actor Actor, r meeting.Request, guard func(context.Context) error) (meetingID int64, err error) {
	ctx = context.WithoutCancel(ctx)
	organizer, mode, err := d.organizerOf(ctx, actor, r.Organizer)
	if err != nil {
		return 0, err
	}
	who, err := newCaller(actor, mode, organizer, d.deadline())
	if err != nil {
		return 0, err
	}
	key, err := formKey(actor, r) // before the look-ups, whose results may differ if the form is submitted again
	if err != nil {
		return 0, err
	}
	if guard != nil {
		unlock, err := d.guardTicket(ctx, r.ExternalID, who.deadline, guard)
		if err != nil {
			return 0, err
		}
		defer unlock()
	}
	unlock, err := d.LockMeeting(ctx, organizer.ID, r.ExternalID, who.deadline)
	if err != nil {
		return 0, err
	}
	defer unlock()
	if err := d.checkNotTaken(ctx, who, r.ExternalID); err != nil {
		return 0, err
	}
	r.Attendees = d.resolve(ctx, who, meeting.Resolve(r.Attendees, r.Found))
	begun, err := d.begin(ctx, who, store.Intention{Organizer: organizer, Kind: meeting.KindCreate, Asked: r.Asked(d.Now()), Minutes: r.Minutes(), MyZone: r.MyZone, FormKey: key})
	if err != nil {
		return 0, err
	}
	a := begun[0]
	if a.Repeated {
		return a.MeetingID, nil
	}
	if a.First {
		return d.create(ctx, who, a.Attempt, a.Version, nil)
	}
	attempts, err := d.Store.Attempts(ctx, a.MeetingID)
	if err != nil {
		return 0, err
	}
	return d.create(ctx, who, a.Attempt, a.Version, attempts[1:]) // attempts[0] is this attempt
}

// ErrTicketTaken is returned for a request with Guard set if the ticket already has
// meetings.
var ErrTicketTaken = &meeting.Error{Code: meeting.Conflict, Key: meeting.ReasonTicketTaken}

// guardTicket locks the ticket and calls the guard. Other guarded requests for the ticket
// wait until the caller unlocks it.
func (d *Desk) guardTicket(ctx context.Context, externalID string, deadline time.Time, guard func(context.Context) error) (unlock func(), err error) {
	if unlock, err = d.lockUntil(ctx, &d.tickets, "ticket", meeting.TicketKey(externalID), deadline); err != nil {
		return nil, err
	}
	if err = guard(ctx); err != nil {
		unlock()
		return nil, err
	}
	return unlock, nil
}

// formKeyBytes is the length of a form's key. Among a billion forms, the probability that
// any two have the same key is less than 1 in 10^11.
const formKeyBytes = 12

// formKey returns the key of the request's form, or "" if the form has no ID. Two forms
// have the same key only if the same person submitted the same form with the same content.
func formKey(actor Actor, r meeting.Request) (string, error) {
	if r.FormID == "" {
		return "", nil
	}
	content, err := json.Marshal(r)
	if err != nil {
		return "", fmt.Errorf("form key: %w", err)
	}
	sum := sha256.Sum256(fmt.Appendf(content, "/%d", actor.User.ID))
	return base64.RawURLEncoding.EncodeToString(sum[:formKeyBytes]), nil
}

// create calls Graph for a pending attempt, records how it ended, and sets the options and
// roles of a new meeting. The version parameter is the version of the recorded meeting. The
// earlier parameter lists the attempts that may already have created the meeting. On a
// retry, it includes the attempt itself.
func (d *Desk) create(ctx context.Context, who caller, a meeting.Attempt, version int, earlier []meeting.Attempt) (meetingID int64, err error) {
	result, err := d.call(ctx, who, func(ctx context.Context, c *graph.Client, as graph.As) (graph.Result, error) {
		return c.CreateOrGet(ctx, as, a.Asked)
	})
	f := createFacts{attempt: a, earlier: earlier, calls: result.Calls, reply: result.Reply, err: err}
	var recorded meeting.Meeting
	if err == nil {
		recorded = d.recordedMeeting(ctx, a, earlier)
		f.known = recorded.State == meeting.Live && recorded.GraphID == result.Reply.GraphID
	}
	if err == nil && who.mode == meeting.Application {
		f.recorded, f.recordErr = d.Store.MeetingByGraphID(ctx, who.organizer.ID, result.Reply.GraphID)
	}
	end := decideCreate(f)
	if d.OnCreate != nil {
		d.OnCreate(cmp.Or(string(end.outcome), string(end.state)))
	}
	r := end.result(a, version, result.Calls)
	if err != nil {
		d.Log.WarnContext(ctx, "create or get", "attempt", a.ID, "state", end.state, "error", err)
	}
	if end.state != meeting.AttemptDone {
		return d.finish(ctx, r)
	}
	r.Reply = complete(result.Reply, a.Asked, recorded)
	if r.Outcome != meeting.OutcomeFound { // an existing meeting keeps its options and roles
		r.Next = a.Asked.FollowUps(r.Reply.Details)
	}
	meetingID, err = d.finish(ctx, r)
	if err != nil || len(r.Next) == 0 {
		return meetingID, err
	}
	return meetingID, d.setOptions(ctx, who, meetingID, a.ID, *r.Reply)
}

// recordedMeeting returns the attempt's meeting from the database. It returns the zero
// value if there was no earlier attempt or the database fails. A database failure must not
// prevent the person from getting Graph's reply.
func (d *Desk) recordedMeeting(ctx context.Context, a meeting.Attempt, earlier []meeting.Attempt) (m meeting.Meeting) {
	if len(earlier) == 0 {
		return m
	}
	m, err := d.Store.Meeting(ctx, a.MeetingID)
	if err != nil {
		d.Log.ErrorContext(ctx, "read the recorded meeting", "attempt", a.ID, "error", err)
	}
	return m
}

// complete fills the gaps in Graph's reply with values from the record of the same meeting.
// Graph stores only UPNs, so names come from the request or the record.
func complete(reply meeting.Reply, asked meeting.Asked, recorded meeting.Meeting) *meeting.Reply {
	if recorded.GraphID == reply.GraphID {
		reply = reply.Over(recorded.Details)
	}
	named := slices.Concat(asked.Attendees, recorded.Attendees)
	for i := range reply.Attendees {
		a := &reply.Attendees[i]
		if j := slices.IndexFunc(named, a.Same); a.Name == "" && j >= 0 {
			a.Name = named[j].Name
		}
	}
	return &reply
}
