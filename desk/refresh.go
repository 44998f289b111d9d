package desk

import (
	"context"
	"slices"

	"meetdesk/graph"
	"meetdesk/meeting"
	"meetdesk/store"
)

// Refresh reads a meeting from Graph and records its current state.
func (d *Desk) Refresh(ctx context.Context, actor Actor, meetingID int64) error {
	ctx = context.WithoutCancel(ctx)
	m, who, unlock, err := d.lockLive(ctx, actor, meetingID)
	if err != nil {
		return err
	}
	defer unlock()
	a, err := d.beginOne(ctx, who, store.Intention{MeetingID: meetingID, Kind: meeting.KindRefresh})
	if err != nil {
		return err
	}
	return d.refresh(ctx, who, m, a)
}

func (d *Desk) refresh(ctx context.Context, who caller, m meeting.Meeting, a meeting.Attempt) error {
	result, err := d.read(ctx, who, m)
	end := ending{state: meeting.AttemptDone, outcome: meeting.OutcomeRead}
	if err != nil {
		end = failed(reasonOf(err)) // failed rather than unfinished, because a read has no effect
		d.Log.WarnContext(ctx, "refresh", "attempt", a.ID, "error", err)
	}
	r := end.result(a, m.Version, result.Calls)
	if err == nil {
		r.Reply = complete(result.Reply, meeting.Asked{}, m)
	}
	_, err = d.finish(ctx, r)
	return err
}

// Changes returns what has changed since the reply that the person last saw; see lastSeen.
// news is true if the newest attempt was a successful refresh or detected a change by
// someone else. If news is false, no changes are returned. The attempts must be sorted
// newest first.
func (d *Desk) Changes(ctx context.Context, meetingID int64, attempts []meeting.Attempt) (changes []meeting.Change, news bool, err error) {
	if len(attempts) == 0 {
		return nil, false, nil
	}
	newest := attempts[0]
	if newest.Outcome != meeting.OutcomeRead && newest.Reason != meeting.ReasonChanged {
		return nil, false, nil
	}
	replies, err := d.Store.Replies(ctx, meetingID, maxCompared)
	if err != nil || len(replies) < 2 || replies[0].AttemptID != newest.ID {
		return nil, false, err
	}
	before, err := graph.ParseReply(replies[lastSeen(replies, attempts)].Raw)
	if err != nil {
		return nil, false, err
	}
	now, err := graph.ParseReply(replies[0].Raw)
	if err != nil {
		return nil, false, err
	}
	return before.Changes(now.Over(before.Details).Details), true, nil
}

// maxCompared is the maximum number of replies that Changes reads, newest first, to find
// the one that the person saw last.
const maxCompared = 20

// lastSeen returns the index of the reply that the person last saw before the newest one
// arrived, usually 1. If a change was refused because somebody else had changed the
// meeting, the reply that revealed the other change and all newer replies count as unseen
// until the refused change is settled. There must be at least two replies, sorted newest
// first.
func lastSeen(replies []meeting.StoredReply, attempts []meeting.Attempt) int {
	for _, a := range meeting.Current(attempts) {
		if a.State != meeting.AttemptFailed || a.Reason != meeting.ReasonChanged {
			continue
		}
		brought := slices.IndexFunc(replies, func(r meeting.StoredReply) bool { return r.AttemptID == a.ID })
		if brought >= 0 && brought+1 < len(replies) {
			return brought + 1
		}
	}
	return 1
}
