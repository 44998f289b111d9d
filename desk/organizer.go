package desk

import (
	"context"
	"errors"
	"slices"
	"strings"

	"meetdesk/meeting"
	"meetdesk/store"
)

// organizerOf returns the organizer and the mode for a new meeting. Only the help desk may
// name another organizer, and only in application mode.
func (d *Desk) organizerOf(ctx context.Context, actor Actor, objectID string) (meeting.User, meeting.Mode, error) {
	if objectID == "" || strings.EqualFold(objectID, actor.User.ObjectID) {
		return actor.User, meeting.Delegated, nil
	}
	if !actor.User.Role.Has(meeting.HelpDesk) {
		return meeting.User{}, "", &meeting.Error{Code: meeting.Forbidden, Key: meeting.ReasonOrganizerHelpDesk}
	}
	if d.App == nil {
		return meeting.User{}, "", errApplicationOff
	}
	d.ResolveOrganizers(ctx)
	u, ok := d.App.organizer(objectID)
	if !ok {
		return u, "", &meeting.Error{Code: meeting.Forbidden, Key: meeting.ReasonOrganizerUnknown}
	}
	return u, meeting.Application, nil
}

var errApplicationOff = &meeting.Error{Code: meeting.Forbidden, Key: meeting.ReasonOrganizerOff, Err: errors.New("application mode is not configured")}

// checkNotTaken returns a Conflict error in application mode if somebody other than the
// actor has created, or may have created, the organizer's meeting with this external ID. It
// records the refusal in the audit log.
func (d *Desk) checkNotTaken(ctx context.Context, who caller, externalID string) error {
	if who.mode == meeting.Delegated {
		return nil
	}
	m, err := d.Store.MeetingOf(ctx, who.organizer.ID, externalID)
	if meeting.CodeOf(err) == meeting.NotFound {
		return nil
	}
	if err != nil || madeBy(who.actor.User, m) {
		return err
	}
	args := meeting.Args{"Name": who.organizer.DisplayName(), "UPN": who.organizer.UPN, "ExternalID": externalID, "Who": m.Maker.DisplayName()}
	key := meeting.ReasonOrganizerHasTicket
	if m.State != meeting.Live {
		attempts, err := d.Store.Attempts(ctx, m.ID)
		if err != nil || !slices.ContainsFunc(attempts, meeting.Attempt.Open) {
			return err // every attempt to create the meeting was refused or dismissed
		}
		key = meeting.ReasonOrganizerWaiting
	}
	if err := d.Store.Audit(ctx, who.actor.User.ID, store.AuditApplication, m.ID, "create refused"); err != nil {
		return err
	}
	return &meeting.Error{Code: meeting.Conflict, Key: key, Args: args}
}
