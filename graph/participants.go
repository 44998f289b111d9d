package graph

import "meetdesk/meeting"

// wireParticipants is Graph's meetingParticipants. The organizer is never sent:
// whose meetings they are organizes, whatever the body says.
type wireParticipants struct {
	Organizer *wirePerson  `json:"organizer,omitempty"`
	Attendees []wirePerson `json:"attendees"`
}

// wirePerson is Graph's meetingParticipantInfo. In replies role, upn, identity
// and identity.user may each be null.
type wirePerson struct {
	UPN      string        `json:"upn,omitempty"`
	Role     string        `json:"role,omitempty"`
	Identity *wireIdentity `json:"identity,omitempty"`
}

type wireIdentity struct {
	User *wireUser `json:"user,omitempty"`
}

type wireUser struct {
	ID          string `json:"id,omitempty"`
	DisplayName string `json:"displayName,omitempty"`
}

// participants returns the list as it is sent. Graph stores an object ID
// unchecked, so that one is sent only where it is known.
func participants(attendees []meeting.Attendee) *wireParticipants {
	list := make([]wirePerson, 0, len(attendees)) // an empty list is [], not null
	for _, a := range attendees {
		p := wirePerson{UPN: a.UPN}
		if a.Role != "unknownFutureValue" { // Graph's word for one that it will not name, and does not take
			p.Role = a.Role
		}
		if a.ObjectID != "" {
			p.Identity = &wireIdentity{User: &wireUser{ID: a.ObjectID}}
		}
		list = append(list, p)
	}
	return &wireParticipants{Attendees: list}
}

// organizer returns the object ID of a reply's organizer, or "".
func (p *wireParticipants) organizer() string {
	if p == nil || p.Organizer == nil {
		return ""
	}
	return line(p.Organizer.user().ID, maxCode)
}

// people returns the attendees of a reply, without those that name nobody.
func (p *wireParticipants) people() []meeting.Attendee {
	if p == nil {
		return nil
	}
	var list []meeting.Attendee
	for _, w := range p.Attendees {
		a := meeting.Attendee{
			UPN: line(w.UPN, maxText), Role: line(w.Role, maxCode),
			ObjectID: line(w.user().ID, maxCode), Name: line(w.user().DisplayName, maxText),
		}
		if a.UPN != "" || a.ObjectID != "" || a.Name != "" {
			list = append(list, a)
		}
	}
	return list
}

// user returns the account, zero where none is named.
func (w wirePerson) user() wireUser {
	if w.Identity == nil || w.Identity.User == nil {
		return wireUser{}
	}
	return *w.Identity.User
}
