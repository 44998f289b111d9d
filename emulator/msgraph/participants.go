package msgraph

import (
	"fmt"
	"slices"
	"strings"

	"meetdesk/emulator/tenant"
)

// participantsBody is the participants property in a request. Its organizer is ignored,
// because the caller is always the organizer.
type participantsBody struct {
	Attendees []attendeeBody `json:"attendees"`
}

type attendeeBody struct {
	UPN      *string        `json:"upn"`
	Role     *string        `json:"role"`
	Identity map[string]any `json:"identity"` // identitySet is an open type
}

func (a attendeeBody) identity() (any, error) {
	if a.Identity == nil {
		return nil, nil
	}
	for kind, value := range a.Identity {
		if strings.Contains(kind, "@") || value == nil {
			continue
		}
		identity, ok := value.(map[string]any)
		if !ok || !isTextOrNull(identity["id"]) || !isTextOrNull(identity["displayName"]) {
			return nil, badRequest(genericMessage, fmt.Sprintf("identity.%s is not an identity", kind))
		}
		for _, property := range []string{"id", "displayName"} {
			if _, given := identity[property]; !given {
				identity[property] = nil
			}
		}
	}
	return a.Identity, nil
}

func orNull(s *string) any {
	if s == nil {
		return nil
	}
	return *s
}

func isTextOrNull(v any) bool {
	_, ok := v.(string)
	return ok || v == nil
}

// attendees returns the attendees as Graph stores them. Like Graph, it does not check
// that their IDs exist. It returns an error for an invalid role or identity, or if there
// are more attendees than the limit. A limit of 0 means no limit.
func (p *participantsBody) attendees(limit int) ([]any, error) {
	list := []any{}
	if p == nil {
		return list, nil
	}
	if limit > 0 && len(p.Attendees) > limit {
		return nil, badRequest(genericMessage, fmt.Sprintf("more than %d attendees", limit))
	}
	for i, a := range p.Attendees {
		if a.Role != nil && !slices.Contains([]string{"attendee", "presenter", "producer", "coorganizer", unknownValue}, *a.Role) {
			return nil, badRequest(genericMessage, fmt.Sprintf("attendee %d: unknown role %q", i, *a.Role))
		}
		identity, err := a.identity()
		if err != nil {
			return nil, err
		}
		list = append(list, map[string]any{"upn": orNull(a.UPN), "role": orNull(a.Role), "identity": identity})
	}
	return list, nil
}

func isInvited(d tenant.Document, p tenant.Person) bool {
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
