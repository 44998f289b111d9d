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
	UPN      *string        `json:"upn"`
	Role     *string        `json:"role"`
	Identity map[string]any `json:"identity"` // an open type: a guest, a phone or anything else is kept as it comes
}

// identity returns what is stored of an identity set.
func (a attendeeBody) identity() (any, error) {
	if a.Identity == nil {
		return nil, nil
	}
	for kind, value := range a.Identity {
		if strings.Contains(kind, "@") || value == nil {
			continue
		}
		one, ok := value.(map[string]any)
		if !ok || !isTextOrNull(one["id"]) || !isTextOrNull(one["displayName"]) {
			return nil, badRequest(anError, fmt.Sprintf("identity.%s is not an identity", kind))
		}
		for _, property := range []string{"id", "displayName"} {
			if _, given := one[property]; !given {
				one[property] = nil
			}
		}
	}
	return a.Identity, nil
}

// orNull returns the text as decoding a document would.
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
		identity, err := a.identity()
		if err != nil {
			return nil, err
		}
		list = append(list, map[string]any{"upn": orNull(a.UPN), "role": orNull(a.Role), "identity": identity})
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
