package desk

import (
	"context"

	"meetdesk/graph"
	"meetdesk/meeting"
	"meetdesk/store"
)

// setOptions sets the options one by one, each an attempt of its own: one that
// fails is seen, can be repeated, and holds up no other. waiting bounds them all
// together. formKey, if any, makes each once per form.
func (d *Desk) setOptions(ctx, waiting context.Context, actor Actor, who party, meetingID int64, options meeting.Options, formKey string) error {
	for _, o := range options.Chosen() {
		key := formKey
		if key != "" {
			key += "/" + string(o)
		}
		a, err := d.Store.Begin(ctx, store.Intention{
			MeetingID: meetingID, Organizer: who.organizer, Actor: actor.User, Mode: who.mode, Kind: meeting.KindUpdate,
			Asked: meeting.Asked{Options: meeting.Options{}.With(o, options.Get(o))}, FormKey: key,
		})
		if err != nil {
			return err
		}
		if a.Again {
			continue
		}
		if err := d.setOption(ctx, waiting, who, a.Attempt, nil); err != nil {
			return err
		}
	}
	return nil
}

// setOption sends the PATCH of a pending attempt and records how it went. looked
// are the calls that found that it has not been done yet.
func (d *Desk) setOption(ctx, waiting context.Context, who party, a meeting.Attempt, looked []meeting.Call) error {
	m, err := d.Store.Meeting(ctx, a.MeetingID)
	if err != nil {
		return err
	}
	if err := d.audit(ctx, who, a); err != nil {
		return err
	}
	o, _ := a.Option()
	result, err := d.call(waiting, who, func(c *graph.Client, as graph.As) (graph.Result, error) {
		return c.SetOption(waiting, as, m.GraphID, o, a.Asked.Options.Get(o))
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
