package desk

import (
	"slices"

	"meetdesk/graph"
	"meetdesk/meeting"
)

// changeFacts contains everything on which decideChange bases its decision.
type changeFacts struct {
	attempt meeting.Attempt // the requested change, with the calls of earlier runs
	base    meeting.Details // the meeting as the person saw it when they requested the change
	now     meeting.Reply   // the meeting as Graph has just returned it
	err     error           // why Graph did not return the meeting; if set, base and now are zero
}

// changeStep is the next step that the desk takes to carry out a pending change.
type changeStep string

const (
	recordEnd  changeStep = "record" // send nothing else and record how the attempt ended
	sendPatch  changeStep = "PATCH"
	sendDelete changeStep = "DELETE"
)

type changeDecision struct {
	step  changeStep
	patch graph.Patch // what to send if step is sendPatch
	end   ending      // what to record if step is recordEnd
}

// decideChange decides what to do about a change once the desk has tried to read the
// meeting. If the meeting is already as requested, the change is done. If somebody has made
// a conflicting change since the person saw the meeting, nothing is sent, because a PATCH or
// DELETE would discard that change.
func decideChange(f changeFacts) changeDecision {
	_, isOption := f.attempt.Option()
	switch {
	case f.err != nil:
		return decideUnread(f.attempt, f.err)
	case f.attempt.Kind == meeting.KindRemove:
		return decideRemoval(f)
	case isOption:
		return decideOption(f)
	default:
		return decideUpdate(f)
	}
}

// decideUnread decides what to do about a change if Graph did not return the meeting.
//
// After a 404, a retried removal counts as done. The first run of a removal still sends the
// DELETE, because a single 404 is not conclusive. Any other change has failed.
//
// After any other error, a change is unfinished if an earlier call may have taken effect.
// Otherwise it has failed.
func decideUnread(a meeting.Attempt, err error) changeDecision {
	missing := graph.IsNotFound(err)
	switch {
	case missing && a.Kind == meeting.KindRemove && len(a.Calls) > 0:
		return record(done(a))
	case missing && a.Kind == meeting.KindRemove:
		return changeDecision{step: sendDelete}
	case !missing && meeting.AnyUnsure(a.Calls):
		return record(ending{state: meeting.AttemptUnfinished, reason: reasonOf(err)})
	default:
		return record(failed(reasonOf(err)))
	}
}

func decideRemoval(f changeFacts) changeDecision {
	if !sameMeeting(f.base, f.now.Details) {
		return record(failed(meeting.ReasonChanged))
	}
	return changeDecision{step: sendDelete}
}

// decideOption decides what to do about a change to one option or to the roles.
func decideOption(f changeFacts) changeDecision {
	asked, now := f.attempt.Asked, f.now.Details
	o, _ := f.attempt.Option()
	unchanged := now.Options.Get(o) == f.base.Options.Get(o) && (!asked.Roles || meeting.SamePeople(f.base.Attendees, now.Attendees))
	switch {
	case asked.OptionMet(now):
		return record(done(f.attempt))
	case asked.NeedsList() && now.MaybeCut():
		return record(failed(meeting.ReasonPeople))
	case asked.NeedsList() && mayLackPeople(f.now, asked.Roles):
		return record(failed(meeting.ReasonList))
	case !unchanged:
		return record(failed(meeting.ReasonChanged))
	default:
		return changeDecision{step: sendPatch, patch: optionPatch(asked, f.now)}
	}
}

// decideUpdate decides what to do about a change to the subject, the times or the people.
// Graph removes people who are missing from the list in a PATCH, so the desk must know the
// complete list.
func decideUpdate(f changeFacts) changeDecision {
	asked, now := f.attempt.Asked, f.now.Details
	newPeople := !asked.KeepPeople && !meeting.SamePeople(asked.Attendees, f.base.Attendees)
	switch {
	case newPeople && now.MaybeCut() && !f.base.MaybeCut():
		return record(failed(meeting.ReasonPeople))
	case newPeople && mayLackPeople(f.now, true):
		return record(failed(meeting.ReasonList))
	case len(asked.Differences(now)) == 0:
		return record(done(f.attempt))
	case !sameMeeting(f.base, now):
		return record(failed(meeting.ReasonChanged))
	default:
		return changeDecision{step: sendPatch, patch: updatePatch(asked, f.now)}
	}
}

func record(e ending) changeDecision { return changeDecision{step: recordEnd, end: e} }

// done returns the ending of an attempt whose change is now in effect at Graph.
func done(a meeting.Attempt) ending {
	outcome := meeting.OutcomeUpdated
	if _, isOption := a.Option(); isOption {
		outcome = meeting.OutcomeSet
	}
	if a.Kind == meeting.KindRemove {
		outcome = meeting.OutcomeRemoved
	}
	return ending{state: meeting.AttemptDone, outcome: outcome}
}

// endOfChange returns the ending of an attempt whose PATCH or DELETE returned err. A
// removal is also done if Graph does not find the meeting.
func endOfChange(a meeting.Attempt, err error) ending {
	if err == nil || a.Kind == meeting.KindRemove && graph.IsNotFound(err) {
		return done(a)
	}
	return conclude(err, false)
}

// sameMeeting reports whether the subject, the times and the people are the same in both
// versions of the meeting.
func sameMeeting(base, now meeting.Details) bool {
	seen := meeting.Asked{Subject: base.Subject, Start: base.Start, End: base.End, Attendees: base.Attendees}
	return len(seen.Differences(now)) == 0
}

// mayLackPeople reports whether the list of people in the reply may be incomplete. For
// channel meetings, Graph is known to omit the list. This is harmless if written is true,
// because the list to send is then taken from the user's input.
func mayLackPeople(reply meeting.Reply, written bool) bool {
	if slices.Contains(reply.Lacks, "participants") {
		return true
	}
	return reply.InChannel() && len(reply.Attendees) == 0 && !written
}

// updatePatch returns a PATCH with the properties that differ from the request. If
// meeting.PresentersByRole is in effect, a new list of people that includes presenters is
// sent together with that option, because Graph requires it.
func updatePatch(asked meeting.Asked, now meeting.Reply) (p graph.Patch) {
	for _, part := range asked.Differences(now.Details) {
		switch part {
		case meeting.DifferentSubject:
			p.Subject = &asked.Subject
		case meeting.DifferentStart, meeting.DifferentEnd:
			p.Start, p.End = asked.Start, asked.End
		case meeting.DifferentAttendees:
			p.People = &graph.People{Attendees: asked.Attendees, Current: now.Raw}
			if now.Options.Presenters == meeting.PresentersByRole {
				p.Options = meeting.WithRoles(asked.Attendees, "").Options
			}
		}
	}
	return p
}

// optionPatch returns the PATCH that sets an option or the roles. Graph requires the
// whole list of people in a PATCH that sets the roles or meeting.PresentersByRole.
func optionPatch(asked meeting.Asked, now meeting.Reply) graph.Patch {
	p := graph.Patch{Options: asked.Options}
	switch {
	case asked.Roles:
		p.People = &graph.People{Attendees: asked.Attendees, Current: now.Raw}
	case asked.NeedsList():
		p.People = &graph.People{Attendees: now.Attendees, Current: now.Raw}
	}
	return p
}
