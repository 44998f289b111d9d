package desk

import (
	"context"
	"slices"

	"meetdesk/meeting"
	"meetdesk/store"
)

// checkFree refuses, before anything is begun or asked, to make a meeting in the
// name of an organizer who has one for that external ID, or may have: only what
// the actor's own attempt made is theirs to ask for again.
func (d *Desk) checkFree(ctx context.Context, actor Actor, who party, externalID string) error {
	if who.mode == meeting.Delegated {
		return nil
	}
	m, err := d.Store.MeetingOf(ctx, who.organizer.ID, externalID)
	if meeting.CodeOf(err) == meeting.NotFound {
		return nil
	}
	if err != nil || madeBy(actor, m) {
		return err
	}
	args := meeting.Args{"Name": who.organizer.DisplayName(), "UPN": who.organizer.UPN, "ExternalID": externalID, "Who": m.Maker.DisplayName()}
	if m.State == meeting.Live {
		return &meeting.Error{Code: meeting.Conflict, Key: "organizer.has", Args: args}
	}
	attempts, err := d.Store.Attempts(ctx, m.ID)
	if err == nil && slices.ContainsFunc(attempts, meeting.Attempt.Open) {
		err = &meeting.Error{Code: meeting.Conflict, Key: "organizer.waiting", Args: args}
	}
	return err // whatever was begun for it has been refused, or put aside
}

// madeBy reports whether the meeting is one that the actor made, or is making,
// for somebody else.
func madeBy(actor Actor, m meeting.Meeting) bool {
	return m.Maker.ID == actor.User.ID && m.Organizer.ID != actor.User.ID && (m.Origin == meeting.Created || m.Origin == "")
}

// ours reports whether a reply in application mode is about a meeting that the
// actor's own attempts created. An application token opens every meeting of the
// organizer's; of one that was there before, nothing is kept or shown.
func (d *Desk) ours(ctx context.Context, actor Actor, who party, a meeting.Attempt, o meeting.Outcome, reply meeting.Reply) bool {
	switch o {
	case meeting.OutcomeCreated:
		return true
	case meeting.OutcomeConfirmed:
		// The time of its making fits. What an unanswered try of ours made is also
		// just what was asked for, options apart, and nobody else's in the record.
		asked := a.Asked
		asked.Options = meeting.Options{}
		_, err := d.Store.MeetingByGraphID(ctx, who.organizer.ID, reply.GraphID)
		if meeting.CodeOf(err) == meeting.NotFound {
			return len(asked.Differences(reply.Details)) == 0
		}
	}
	m, err := d.Store.MeetingByGraphID(ctx, who.organizer.ID, reply.GraphID)
	return err == nil && madeBy(actor, m) && m.Origin == meeting.Created
}

// audit records, before Graph is called, that something is done with the
// program's own token.
func (d *Desk) audit(ctx context.Context, who party, a meeting.Attempt) error {
	if who.mode == meeting.Delegated {
		return nil
	}
	what := string(a.Kind)
	if o, ok := a.Option(); ok {
		what += " " + string(o)
	}
	return d.Store.Audit(ctx, a.Actor.ID, store.AuditApplication, a.MeetingID, what+" for "+who.organizer.DisplayName())
}

// Guard returns the colleagues who have a meeting for the ticket that somebody
// asks for, unless whose meeting it is to be has one already: asking for that one
// again makes no second. It is advisory; two who ask at one moment both pass.
// That the actor may not ask for the organizer is a Forbidden error.
func (d *Desk) Guard(ctx context.Context, actor Actor, externalID, organizer string) ([]meeting.Colleague, error) {
	u, _, err := d.organizerOf(ctx, actor, organizer)
	if err != nil {
		return nil, err
	}
	if own, err := d.Store.OwnOfTicket(ctx, u.ID, externalID); err != nil || own != 0 {
		return nil, err
	}
	return d.Colleagues(ctx, u, externalID)
}

// Colleagues returns who else has a meeting for the ticket.
func (d *Desk) Colleagues(ctx context.Context, organizer meeting.User, externalID string) ([]meeting.Colleague, error) {
	return d.Store.Colleagues(ctx, meeting.TicketKey(externalID), organizer.ID, maxColleagues)
}

// maxColleagues is how many of a ticket's other meetings are named.
const maxColleagues = 5
