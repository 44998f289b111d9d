package desk

import (
	"context"
	"slices"
	"strings"

	"meetdesk/meeting"
)

// CheckRoles returns a problem for each person who is to be a presenter or co-organizer
// and cannot be one: Graph supports these roles only for people in the organization's
// directory, guests included (application-post-onlinemeetings, Caution). there are the
// people already on the list, whose roles are not checked. sure are the addresses that
// the person says are in the directory.
//
// If the directory gives no answer, an address of the organizer's own domain is
// accepted. For any other domain the person is asked, because organizations have several
// domains. What the directory answered is kept in r.Found.
func (d *Desk) CheckRoles(ctx context.Context, actor Actor, organizer meeting.User, r *meeting.Request, there []meeting.Attendee, sure []string) (problems meeting.Problems) {
	named := meeting.NewRoles(meeting.Keep(r.Attendees, there), there)
	if len(named) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, lookUpBudget)
	defer cancel()
	said := d.lookUp(ctx, actor, named)
	r.Found = said.found
	isSure := func(address string) bool {
		return slices.ContainsFunc(sure, func(one string) bool { return strings.EqualFold(one, address) })
	}
	for _, a := range named {
		var key meeting.Reason
		switch address := strings.ToLower(a.UPN); {
		case said.absent[address], a.Identity != "":
			key = meeting.ReasonRolesOutsider
		case a.ObjectID == "" && said.found[address].ObjectID == "" && a.Standing(organizer) == meeting.Outside && !isSure(address):
			key = meeting.ReasonRolesUnsure
		default:
			continue
		}
		problems = append(problems, meeting.Problem{Field: meeting.FieldAttendees, Key: key, Args: meeting.Args{"Who": a.UPN, "Role": a.Role}})
	}
	if more := len(problems) - shownOutsiders; more > 0 {
		problems = append(problems[:shownOutsiders], meeting.Problem{Field: meeting.FieldAttendees, Key: meeting.ReasonRolesMore, Args: meeting.Args{"Count": more}})
	}
	return problems
}

// shownOutsiders is how many people who cannot have their role are named.
const shownOutsiders = 10

// OrganizerOf returns whose meeting it would be: the actor's own if they may not ask for
// anybody else.
func (d *Desk) OrganizerOf(ctx context.Context, actor Actor, objectID string) meeting.User {
	u, _, err := d.organizerOf(ctx, actor, objectID)
	if err != nil {
		return actor.User
	}
	return u
}
