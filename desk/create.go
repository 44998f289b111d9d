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

// CreateOrGet asks Graph for the meeting of the person and the external ID, and
// returns the ID of its row in the history. The row tells how it went: an
// error means that nothing was recorded, or, with the key "record.failed",
// that Graph has the meeting and the record has not.
func (d *Desk) CreateOrGet(ctx context.Context, actor Actor, r meeting.Request) (meetingID int64, err error) {
	ctx = context.WithoutCancel(ctx)
	unlock, err := d.Hold(ctx, actor.User.ID, r.ExternalID)
	if err != nil {
		return 0, err
	}
	defer unlock()
	key, err := formKey(actor, r)
	if err != nil {
		return 0, err
	}
	a, err := d.Store.Begin(ctx, store.Intention{
		Organizer: actor.User, Actor: actor.User,
		Mode: meeting.Delegated, Kind: meeting.KindCreate,
		Asked: r.Asked(d.Now()), FormKey: key,
	})
	if err != nil || a.Again {
		return a.MeetingID, err
	}
	if a.First {
		return d.create(ctx, actor, a.Attempt, nil)
	}
	tried, err := d.Store.Attempts(ctx, a.MeetingID)
	if err != nil {
		return 0, err
	}
	return d.create(ctx, actor, a.Attempt, tried[1:]) // the newest is a itself
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

// create calls Graph for a pending attempt and records how it went. tried are
// the runs before this one that may have created the meeting.
func (d *Desk) create(ctx context.Context, actor Actor, a meeting.Attempt, tried []meeting.Attempt) (meetingID int64, err error) {
	waiting, cancel := d.budget(ctx)
	defer cancel()
	result, err := d.withToken(waiting, actor.GrantID, func(token string) (graph.Result, error) {
		return d.Graph.CreateOrGet(waiting, token, a.Asked)
	})
	since, unsure := meeting.UnsureSince(tried)
	if at, now := meeting.FirstUnsure(result.Calls); now && !unsure {
		since, unsure = at, true
	}
	r := store.Result{AttemptID: a.ID, Calls: result.Calls}
	if err != nil {
		r.State, r.Reason = conclude(err, unsure)
		d.Log.WarnContext(ctx, "create or get", "attempt", a.ID, "state", r.State, "error", err)
		return d.finish(ctx, r)
	}
	r.State = meeting.AttemptDone
	r.Outcome, r.Origin = arrived(result.Reply, since, unsure)
	r.Reply = complete(result.Reply, a.Asked, d.known(ctx, a, tried))
	return d.finish(ctx, r)
}

// grace is how far Microsoft's clock may be behind the desk's.
const grace = 5 * time.Minute

// arrived tells what a reply to createOrGet means. A 200 says that the meeting
// existed; when an unanswered try of our own had begun by then, and it was
// created no earlier than that, it is ours.
func arrived(reply meeting.Reply, since time.Time, unsure bool) (meeting.Outcome, meeting.Origin) {
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
