package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"meetdesk/graph"
	"meetdesk/meeting"
	"meetdesk/store"
)

// CreateOrGet asks Graph for the meeting of the organizer and the external ID,
// and returns the ID of its row in the history. The row tells how it went: an
// error means that nothing was recorded, or, with the key meeting.ReasonRecordFailed, that
// Graph has the meeting and the record has not.
func (d *Desk) CreateOrGet(ctx context.Context, actor Actor, r meeting.Request) (meetingID int64, err error) {
	ctx = context.WithoutCancel(ctx)
	organizer, mode, err := d.organizerOf(ctx, actor, r.Organizer)
	if err != nil {
		return 0, err
	}
	who, err := d.newCaller(actor, mode, organizer, d.deadline())
	if err != nil {
		return 0, err
	}
	key, err := formKey(actor, r) // before the directory, which may say more the next time
	if err != nil {
		return 0, err
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
	a, err := d.begin(ctx, who, store.Intention{Organizer: organizer, Kind: meeting.KindCreate, Asked: r.Asked(d.Now()), Minutes: r.Minutes(), FormKey: key})
	if err != nil || a.Repeated {
		return a.MeetingID, err
	}
	if a.First {
		return d.create(ctx, who, a.Attempt, nil)
	}
	tried, err := d.Store.Attempts(ctx, a.MeetingID)
	if err != nil {
		return 0, err
	}
	return d.create(ctx, who, a.Attempt, tried[1:]) // the newest is a itself
}

// formKey is the same for two submits of one form only: the same person, the
// same form, the same content. A form that was sent, changed and sent again
// from the browser's history is a new intention.
func formKey(actor Actor, r meeting.Request) (string, error) {
	if r.FormID == "" {
		return "", nil
	}
	content, err := json.Marshal(r)
	if err != nil {
		return "", fmt.Errorf("form key: %w", err)
	}
	sum := sha256.Sum256(fmt.Appendf(content, "/%d", actor.User.ID))
	return hex.EncodeToString(sum[:]), nil
}

// create calls Graph for a pending attempt, records how it went, and sets the
// options and roles of a meeting that it made. tried are the runs before this one that may
// have created the meeting.
func (d *Desk) create(ctx context.Context, who caller, a meeting.Attempt, tried []meeting.Attempt) (meetingID int64, err error) {
	result, err := d.call(ctx, who, func(ctx context.Context, c *graph.Client, as graph.As) (graph.Result, error) {
		return c.CreateOrGet(ctx, as, a.Asked)
	})
	f := createFacts{attempt: a, earlier: tried, calls: result.Calls, reply: result.Reply, err: err}
	if err == nil && who.mode == meeting.Application {
		f.recorded, f.recordErr = d.Store.MeetingByGraphID(ctx, who.organizer.ID, result.Reply.GraphID)
	}
	end := decideCreate(f)
	r := end.result(a, result.Calls)
	if err != nil {
		d.Log.WarnContext(ctx, "create or get", "attempt", a.ID, "state", end.state, "error", err)
	}
	if end.state != meeting.AttemptDone {
		return d.finish(ctx, r)
	}
	r.Reply = complete(result.Reply, a.Asked, d.recordedMeeting(ctx, a, tried))
	if r.Outcome != meeting.OutcomeFound { // an existing meeting is not changed unless somebody asks
		r.Next = a.Asked.FollowUps(r.Reply.Details)
	}
	meetingID, err = d.finish(ctx, r)
	if err != nil || len(r.Next) == 0 {
		return meetingID, err
	}
	return meetingID, d.setOptions(ctx, who, meetingID, a.ID, *r.Reply)
}

// recordedMeeting returns what the record says of the attempt's meeting, which is nothing
// where nothing was tried before. If it cannot be read, that is nothing too: the
// person must have Graph's reply whatever becomes of the record.
func (d *Desk) recordedMeeting(ctx context.Context, a meeting.Attempt, tried []meeting.Attempt) (m meeting.Meeting) {
	if len(tried) == 0 {
		return m
	}
	m, err := d.Store.Meeting(ctx, a.MeetingID)
	if err != nil {
		d.Log.ErrorContext(ctx, "what is known of the meeting", "attempt", a.ID, "error", err)
	}
	return m
}

// complete returns the reply with what it does not say: what is known of the
// very same meeting already, and the names that people were asked for with,
// since Graph keeps UPNs only.
func complete(reply meeting.Reply, asked meeting.Asked, known meeting.Meeting) *meeting.Reply {
	if known.GraphID == reply.GraphID {
		reply = reply.Over(known.Details)
	}
	names := slices.Concat(asked.Attendees, known.Attendees)
	for i := range reply.Attendees {
		got := &reply.Attendees[i]
		if j := slices.IndexFunc(names, got.Same); got.Name == "" && j >= 0 {
			got.Name = names[j].Name
		}
	}
	return &reply
}
