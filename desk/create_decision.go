package desk

import (
	"slices"
	"time"

	"meetdesk/meeting"
)

// createFacts contains everything on which decideCreate bases its decision.
type createFacts struct {
	attempt meeting.Attempt
	earlier []meeting.Attempt // the attempts that may already have created the meeting, newest first
	calls   []meeting.Call    // the calls of this run
	reply   meeting.Reply
	err     error // why Graph returned no meeting; if set, reply is zero
	known   bool  // whether the meeting was already recorded as live before this run's calls

	// Set only in application mode: the organizer's recorded meeting with the reply's
	// Graph ID, and the error from reading it.
	recorded  meeting.Meeting
	recordErr error
}

// tolerance allows for inaccurate clocks. A meeting that was created up to this long before
// a call, after correction for clock skew, still counts as created by that call. In
// application mode, the tolerance is short, because the meeting may be somebody else's.
var tolerance = map[meeting.Mode]time.Duration{meeting.Delegated: 5 * time.Minute, meeting.Application: 5 * time.Second}

// decideCreate decides how an attempt to create a meeting ended.
func decideCreate(f createFacts) ending {
	since, unsure := unansweredSince(f)
	if f.err != nil {
		return conclude(f.err, unsure)
	}
	end := ending{state: meeting.AttemptDone, outcome: meeting.OutcomeFound, origin: meeting.Found}
	skew, _ := skewOf(f.calls)
	switch {
	case f.reply.Created:
		end.outcome, end.origin = meeting.OutcomeCreated, meeting.Created
	case f.known:
		// The meeting was recorded before this run, so no call in this run created it.
	case unsure && !f.reply.GraphCreated.Before(since.Add(skew-tolerance[f.attempt.Mode])):
		// Graph answered 200, so the meeting existed before this call. An earlier,
		// unanswered call by the same person created it.
		end.outcome, end.origin = meeting.OutcomeConfirmed, meeting.Created
	}
	if f.attempt.Mode == meeting.Application && !createdByActor(f, end.outcome) {
		return failed(meeting.ReasonOrganizerHas)
	}
	return end
}

// unansweredSince returns the start of the actor's first unanswered call in the attempt's
// mode. unsure is false if there was no such call.
func unansweredSince(f createFacts) (since time.Time, unsure bool) {
	if since, unsure = meeting.UnsureSince(ownEarlier(f)); unsure {
		return since, true
	}
	return meeting.FirstUnsure(f.calls)
}

// ownEarlier returns the earlier attempts by the same person in the same mode.
func ownEarlier(f createFacts) []meeting.Attempt {
	return slices.DeleteFunc(slices.Clone(f.earlier), func(t meeting.Attempt) bool {
		return t.Actor.ID != f.attempt.Actor.ID || t.Mode != f.attempt.Mode
	})
}

// createdByActor reports whether one of the actor's attempts created the meeting that Graph
// returned in application mode. The organizer's other meetings must not be stored or shown.
func createdByActor(f createFacts, o meeting.Outcome) bool {
	if o == meeting.OutcomeCreated {
		return true
	}
	if o == meeting.OutcomeConfirmed && meeting.CodeOf(f.recordErr) == meeting.NotFound {
		return isAsAsked(f.attempt.Asked, f.reply) || slices.ContainsFunc(ownEarlier(f), func(a meeting.Attempt) bool {
			_, unsure := meeting.UnsureSince([]meeting.Attempt{a})
			return unsure && isAsAsked(a.Asked, f.reply)
		})
	}
	return f.recordErr == nil && madeBy(f.attempt.Actor, f.recorded) && f.recorded.Origin == meeting.Created
}

// isAsAsked reports whether the reply matches everything that createOrGet asked for. It
// ignores options and roles. It also ignores the list of people if the reply may lack that
// list.
func isAsAsked(asked meeting.Asked, reply meeting.Reply) bool {
	asked.Unasked = nil
	asked.Attendees, reply.Attendees = meeting.WithoutRoles(asked.Attendees), meeting.WithoutRoles(reply.Attendees)
	asked.Options, asked.KeepPeople = meeting.Options{}, reply.InChannel() || slices.Contains(reply.Lacks, "participants")
	return len(asked.Differences(reply.Details)) == 0
}

// madeBy reports whether the person created the meeting for somebody else, or is still
// trying to create it.
func madeBy(person meeting.User, m meeting.Meeting) bool {
	return m.Maker.ID == person.ID && m.Organizer.ID != person.ID && (m.Origin == meeting.Created || m.Origin == "")
}
