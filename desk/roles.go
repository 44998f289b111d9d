package desk

import (
	"context"
	"slices"
	"strings"

	"meetdesk/meeting"
)

// CheckRoles returns a problem for each presenter and co-organizer who cannot have the role
// or is not known to be in the directory; see maxRoleProblems. Graph supports these roles
// only for people in the organization's directory, including guests
// (application-post-onlinemeetings, Caution). The invited parameter contains the people who
// are already invited. CheckRoles does not check roles that these people already have.
//
// CheckRoles accepts an address that cannot be looked up if it is in the organizer's domain
// or the person has confirmed it (r.Inside). It sets r.Found to the people whom the directory
// returned.
func (d *Desk) CheckRoles(ctx context.Context, actor Actor, organizer meeting.User, r *meeting.Request, invited []meeting.Attendee) (problems meeting.Problems) {
	newRoles := meeting.NewRoles(meeting.Keep(r.Attendees, invited), invited)
	if len(newRoles) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, lookUpBudget)
	defer cancel()
	directory := d.lookUp(ctx, actor, newRoles)
	r.Found = directory.found
	isConfirmed := func(address string) bool {
		return slices.ContainsFunc(r.Inside, func(c string) bool { return strings.EqualFold(c, address) })
	}
	for _, a := range newRoles {
		var key meeting.Reason
		switch address := strings.ToLower(a.UPN); {
		case directory.absent[address], a.Identity != "":
			key = meeting.ReasonRolesOutsider
		case a.ObjectID == "" && directory.found[address].ObjectID == "" && a.Standing(organizer) == meeting.Outside && !isConfirmed(address):
			key = meeting.ReasonRolesUnsure
		default:
			continue
		}
		problems = append(problems, meeting.Problem{Field: meeting.FieldAttendees, Key: key, Args: meeting.Args{"Who": a.UPN, "Role": a.Role}})
	}
	if more := len(problems) - maxRoleProblems; more > 0 {
		problems = append(problems[:maxRoleProblems], meeting.Problem{Field: meeting.FieldAttendees, Key: meeting.ReasonRolesMore, Args: meeting.Args{"Count": more}})
	}
	return problems
}

// maxRoleProblems is the maximum number of problems that are reported individually.
// Further problems are only counted.
const maxRoleProblems = 10

// OrganizerOf returns the person with the given object ID, or the actor if the actor may
// not create meetings for that person.
func (d *Desk) OrganizerOf(ctx context.Context, actor Actor, objectID string) meeting.User {
	u, _, err := d.organizerOf(ctx, actor, objectID)
	if err != nil {
		return actor.User
	}
	return u
}
