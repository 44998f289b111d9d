package desk

import (
	"context"

	"meetdesk/graph"
	"meetdesk/meeting"
	"meetdesk/store"
)

// begunOptions begins an attempt of its own for each of the options, one after
// the other, and lets set do it: one that fails is seen, can be repeated, and
// holds up no other. base is the reply that the person saw, 0 for the newest;
// formKey, if any, makes each once per form.
func (d *Desk) begunOptions(ctx context.Context, who party, meetingID int64, options meeting.Options, base int64, formKey string,
	set func(context.Context, party, meeting.Meeting, meeting.Attempt, []meeting.Call) error) error {
	for _, o := range options.Chosen() {
		key := formKey
		if key != "" {
			key += "/" + string(o)
		}
		asked := meeting.Asked{Options: meeting.Options{}.With(o, options.Get(o))}
		a, err := d.begin(ctx, who, store.Intention{MeetingID: meetingID, Kind: meeting.KindUpdate, Asked: asked, BaseReply: base, FormKey: key})
		if err != nil {
			return err
		}
		m, err := d.Store.Meeting(ctx, meetingID)
		if err != nil {
			return err
		}
		if err := set(ctx, who, m, a.Attempt, nil); err != nil {
			return err
		}
	}
	return nil
}

// setOption sends the PATCH of a pending attempt and records how it went. looked
// are the calls that found that it has not been done yet.
func (d *Desk) setOption(ctx context.Context, who party, m meeting.Meeting, a meeting.Attempt, looked []meeting.Call) error {
	o, _ := a.Option()
	result, err := d.call(ctx, who, func(ctx context.Context, c *graph.Client, as graph.As) (graph.Result, error) {
		return c.SetOption(ctx, as, m.GraphID, o, a.Asked.Options.Get(o))
	})
	r := store.Result{AttemptID: a.ID, Calls: append(looked, result.Calls...)}
	if err != nil {
		r.State, r.Reason = conclude(err, false)
		d.Log.WarnContext(ctx, "set an option", "attempt", a.ID, "option", o, "state", r.State, "error", err)
	} else {
		r.State, r.Outcome = meeting.AttemptDone, meeting.OutcomeSet
		r.Reply = complete(result.Reply, a.Asked, m)
	}
	_, err = d.finish(ctx, r)
	return err
}
