package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"meetdesk/graph"
	"meetdesk/meeting"
	"meetdesk/store"
)

// CreateOrGet asks Graph for the meeting of the organizer and the external ID,
// and returns the ID of its row in the history. The row tells how it went: an
// error means that nothing was recorded, or, with the key "record.failed", that
// Graph has the meeting and the record has not.
func (d *Desk) CreateOrGet(ctx context.Context, actor Actor, r meeting.Request) (meetingID int64, err error) {
	ctx = context.WithoutCancel(ctx)
	organizer, mode, err := d.organizerOf(ctx, actor, r.Organizer)
	if err != nil {
		return 0, err
	}
	who, err := d.partyOf(actor, mode, organizer, d.until())
	if err != nil {
		return 0, err
	}
	key, err := formKey(actor, r) // before the directory, which may say more the next time
	if err != nil {
		return 0, err
	}
	unlock, err := d.Hold(ctx, organizer.ID, r.ExternalID, who.until)
	if err != nil {
		return 0, err
	}
	defer unlock()
	if err := d.checkFree(ctx, who, r.ExternalID); err != nil {
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
func (d *Desk) create(ctx context.Context, who party, a meeting.Attempt, tried []meeting.Attempt) (meetingID int64, err error) {
	result, err := d.call(ctx, who, func(ctx context.Context, c *graph.Client, as graph.As) (graph.Result, error) {
		return c.CreateOrGet(ctx, as, a.Asked)
	})
	since, unsure := meeting.UnsureSince(sameHand(tried, a))
	if at, now := meeting.FirstUnsure(result.Calls); now && !unsure {
		since, unsure = at, true
	}
	r := store.Result{AttemptID: a.ID, Calls: result.Calls}
	if err != nil {
		end := conclude(err, unsure)
		r.State, r.Reason = end.state, end.reason
		d.Log.WarnContext(ctx, "create or get", "attempt", a.ID, "state", r.State, "error", err)
		return d.finish(ctx, r)
	}
	known := d.known(ctx, a, tried)
	r.State = meeting.AttemptDone
	r.Outcome, r.Origin = arrived(result.Reply, since, unsure, grace[who.mode])
	if who.mode == meeting.Application && !d.ours(ctx, who, a, r.Outcome, result.Reply) {
		r.State, r.Outcome, r.Origin, r.Reason = meeting.AttemptFailed, "", "", "reason.organizer_has"
		return d.finish(ctx, r)
	}
	r.Reply = complete(result.Reply, a.Asked, known)
	if r.Outcome != meeting.OutcomeFound { // what was there is not changed unasked
		r.Next = a.Asked.Rest(r.Reply.Details)
	}
	meetingID, err = d.finish(ctx, r)
	if err != nil || len(r.Next) == 0 {
		return meetingID, err
	}
	return meetingID, d.setRest(ctx, who, meetingID, a.ID, *r.Reply)
}

// sameHand returns those of the attempts that the same person made in the same
// mode: what somebody else's try may have done is not this one's doing.
func sameHand(tried []meeting.Attempt, a meeting.Attempt) []meeting.Attempt {
	return slices.DeleteFunc(slices.Clone(tried), func(t meeting.Attempt) bool {
		return t.Actor.ID != a.Actor.ID || t.Mode != a.Mode
	})
}

// grace is how far Microsoft's clock may be behind the desk's. Where it decides
// whether somebody else's meeting is ours to change it is short.
var grace = map[meeting.Mode]time.Duration{meeting.Delegated: 5 * time.Minute, meeting.Application: 5 * time.Second}

// arrived tells what a reply to createOrGet means. A 200 says that the meeting
// existed; when an unanswered try of our own had begun by then, and it was
// created no earlier than that, it is ours.
func arrived(reply meeting.Reply, since time.Time, unsure bool, grace time.Duration) (meeting.Outcome, meeting.Origin) {
	switch {
	case reply.Created:
		return meeting.OutcomeCreated, meeting.Created
	case unsure && !reply.GraphCreated.Before(since.Add(-grace)):
		return meeting.OutcomeConfirmed, meeting.Created
	default:
		return meeting.OutcomeFound, meeting.Found
	}
}

// known returns what the record says of the attempt's meeting, which is nothing
// where nothing was tried before. If it cannot be read, that is nothing too: the
// person must have Graph's reply whatever becomes of the record.
func (d *Desk) known(ctx context.Context, a meeting.Attempt, tried []meeting.Attempt) (m meeting.Meeting) {
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
