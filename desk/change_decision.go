package desk

import (
	"slices"

	"meetdesk/graph"
	"meetdesk/meeting"
)

// changeFacts are the inputs of decideChange.
type changeFacts struct {
	attempt meeting.Attempt // what was asked for, and the calls of earlier runs
	base    meeting.Details // the meeting as the person saw it when they asked
	now     meeting.Reply   // the meeting as Graph has it now
	err     error           // why Graph did not return the meeting, in which case base and now are zero
}

// changeStep is what the desk does next to carry out a pending change.
type changeStep string

const (
	recordEnd  changeStep = "record" // send nothing more
	sendPatch  changeStep = "PATCH"
	sendDelete changeStep = "DELETE"
)

// changeDecision says what to do next. patch and end hold the details.
type changeDecision struct {
	step  changeStep
	patch graph.Patch // for sendPatch
	end   ending      // for recordEnd
}

// decideChange decides what to do about a pending change after the desk has read the
// meeting. PATCH and DELETE overwrite changes that the person has not seen, and neither
// is safe to repeat. If Graph already has what was asked for, the change is done. If the
// meeting has not changed since the person saw it, the change is sent. If somebody else
// has changed the meeting, nothing is sent. The person sees the new state and may ask
// again.
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
// Reading changes nothing, so the change is unfinished only if an earlier run left it so.
// If Graph does not have a meeting that is to be removed, the first run still sends the
// DELETE, because a single 404 proves nothing. On a retry the removal is done.
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

// decideOption decides what to do about a change of one option or of roles.
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

// decideUpdate decides what to do about a change of subject, times and people. A new list
// of people is sent only if Graph's own list is known to be complete, because Graph
// removes everybody who is left out.
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

// done returns how an attempt to change a meeting ends when Graph has what the attempt
// asked for.
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

// endOfChange returns how an attempt ends when its PATCH or DELETE returned err. A
// meeting that was to be removed and that Graph does not have is removed.
func endOfChange(a meeting.Attempt, err error) ending {
	if err == nil || a.Kind == meeting.KindRemove && graph.IsNotFound(err) {
		return done(a)
	}
	return conclude(err, false)
}

// sameMeeting reports whether subject, times and people are the same.
func sameMeeting(base, now meeting.Details) bool {
	seen := meeting.Asked{Subject: base.Subject, Start: base.Start, End: base.End, Attendees: base.Attendees}
	return len(seen.Differences(now)) == 0
}

// mayLackPeople reports whether sending a list of people could remove somebody whom the
// reply leaves out. Replies about channels are known to leave people out, so for a
// channel the desk sends only a list that a person entered.
func mayLackPeople(reply meeting.Reply, written bool) bool {
	if slices.Contains(reply.Lacks, "participants") {
		return true
	}
	return reply.InChannel() && len(reply.Attendees) == 0 && !written
}

// updatePatch returns the PATCH that makes the meeting what was asked for. It contains
// only the properties that differ. A list with a presenter is sent together with the
// option that makes the role take effect.
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

// optionPatch returns the PATCH that sets an option or roles. Graph accepts roles, and
// the option that limits presenters to people with the role, only together with the whole
// list of people.
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
