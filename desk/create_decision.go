package desk

import (
	"slices"
	"time"

	"meetdesk/meeting"
)

// createFacts are the inputs of decideCreate.
type createFacts struct {
	attempt meeting.Attempt
	earlier []meeting.Attempt // attempts that may have created the meeting, newest first
	calls   []meeting.Call    // of this run
	reply   meeting.Reply
	err     error // why createOrGet returned no meeting, in which case reply is zero

	// In application mode: the organizer's recorded meeting with the reply's Graph ID,
	// and the error if it could not be read.
	recorded  meeting.Meeting
	recordErr error
}

// clockSkew is how far Microsoft's clock may be behind the desk's. It is short in
// application mode, where it decides whether the desk may change somebody else's meeting.
var clockSkew = map[meeting.Mode]time.Duration{meeting.Delegated: 5 * time.Minute, meeting.Application: 5 * time.Second}

// decideCreate returns how an attempt to create a meeting ended.
func decideCreate(f createFacts) ending {
	since, unsure := unansweredSince(f)
	if f.err != nil {
		return conclude(f.err, unsure)
	}
	end := ending{state: meeting.AttemptDone, outcome: meeting.OutcomeFound, origin: meeting.Found}
	switch {
	case f.reply.Created:
		end.outcome, end.origin = meeting.OutcomeCreated, meeting.Created
	case unsure && !f.reply.GraphCreated.Before(since.Add(-clockSkew[f.attempt.Mode])):
		// Graph's 200 is for a meeting that our own unanswered call created.
		end.outcome, end.origin = meeting.OutcomeConfirmed, meeting.Created
	}
	if f.attempt.Mode == meeting.Application && !createdByActor(f, end.outcome) {
		return failed(meeting.ReasonOrganizerHas)
	}
	return end
}

// unansweredSince returns when the first unanswered call of the same person in the same
// mode began, and whether there was one. What other people's calls may have created does
// not count.
func unansweredSince(f createFacts) (since time.Time, unsure bool) {
	own := slices.DeleteFunc(slices.Clone(f.earlier), func(t meeting.Attempt) bool {
		return t.Actor.ID != f.attempt.Actor.ID || t.Mode != f.attempt.Mode
	})
	if since, unsure = meeting.UnsureSince(own); unsure {
		return since, true
	}
	return meeting.FirstUnsure(f.calls)
}

// createdByActor reports whether the actor's own attempts created the meeting that Graph
// returned in application mode. The application's token gives access to all meetings of
// the organizer, but nothing about a meeting that existed before is stored or shown.
func createdByActor(f createFacts, o meeting.Outcome) bool {
	if o == meeting.OutcomeCreated {
		return true
	}
	if o == meeting.OutcomeConfirmed && meeting.CodeOf(f.recordErr) == meeting.NotFound {
		return isAsAsked(f.attempt.Asked, f.reply)
	}
	return f.recordErr == nil && madeBy(f.attempt.Actor, f.recorded) && f.recorded.Origin == meeting.Created
}

// isAsAsked reports whether the reply has everything that createOrGet asked for. Options
// and roles do not count.
func isAsAsked(asked meeting.Asked, reply meeting.Reply) bool {
	asked.Unasked = nil
	asked.Attendees, reply.Attendees = meeting.WithoutRoles(asked.Attendees), meeting.WithoutRoles(reply.Attendees)
	asked.Options, asked.KeepPeople = meeting.Options{}, reply.InChannel() || slices.Contains(reply.Lacks, "participants")
	return len(asked.Differences(reply.Details)) == 0
}

// madeBy reports whether the person created, or is creating, the meeting for somebody
// else.
func madeBy(person meeting.User, m meeting.Meeting) bool {
	return m.Maker.ID == person.ID && m.Organizer.ID != person.ID && (m.Origin == meeting.Created || m.Origin == "")
}
