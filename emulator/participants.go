package emulator

import (
	"fmt"
	"slices"
	"strings"
)

// participantsBody is the participants property of a request. The organizer is
// not read: it is always the one who calls.
type participantsBody struct {
	Attendees []attendeeBody `json:"attendees"`
}

type attendeeBody struct {
	UPN      *string       `json:"upn"`
	Role     *string       `json:"role"`
	Identity *identityBody `json:"identity"`
}

type identityBody struct {
	User *userBody `json:"user"`
}

type userBody struct {
	ID          *string `json:"id"`
	DisplayName *string `json:"displayName"`
}

// attendees returns what is stored of the people in the body. An ID is taken as
// it comes: Graph does not look whether anybody has it.
func (p *participantsBody) attendees(most int) ([]any, error) {
	list := []any{}
	if p == nil {
		return list, nil
	}
	if most > 0 && len(p.Attendees) > most {
		return nil, badRequest(anError, fmt.Sprintf("more than %d attendees", most))
	}
	for i, a := range p.Attendees {
		if a.Role != nil && !slices.Contains([]string{"attendee", "presenter", "producer", "coorganizer", unknownValue}, *a.Role) {
			return nil, badRequest(anError, fmt.Sprintf("attendee %d: unknown role %q", i, *a.Role))
		}
		list = append(list, map[string]any{"upn": a.UPN, "role": a.Role, "identity": a.Identity})
	}
	return list, nil
}

// invites reports whether p is among the attendees of the document.
func (d document) invites(p Person) bool {
	participants, _ := d["participants"].(map[string]any)
	attendees, _ := participants["attendees"].([]any)
	return slices.ContainsFunc(attendees, func(a any) bool {
		attendee, _ := a.(map[string]any)
		identity, _ := attendee["identity"].(map[string]any)
		user, _ := identity["user"].(map[string]any)
		id, _ := user["id"].(string)
		upn, _ := attendee["upn"].(string)
		return id == p.ObjectID || strings.EqualFold(upn, p.UPN) || strings.EqualFold(upn, p.Mail)
	})
}
