package meeting

import "slices"

// Rest returns what is left to do for a new meeting after createOrGet, one attempt for
// each part. The action takes no options and ignores roles (Graph: beta createOrGet,
// example 1).
func (a Asked) Rest(got Details) (parts []Asked) {
	left := a.Options.Beside(got.Options)
	roles, any := a.rolesLeft(got, left.Presenters)
	for _, o := range AllOptions() {
		switch value := left.Get(o); {
		case o == OptionPresenters && (any || value == PresentersByRole):
			parts = append(parts, roles)
		case value != "":
			parts = append(parts, Asked{Options: Options{}.With(o, value)})
		}
	}
	return parts
}

// rolesLeft returns the attempt that sets the roles asked for and who may present, and
// whether anybody lacks their role. Its list is complete: it has the people already
// there and the people asked for, since replies about channels leave people out.
func (a Asked) rolesLeft(got Details, presenters string) (roles Asked, any bool) {
	list := slices.Clone(a.Attendees)
	for i := range list {
		at := slices.IndexFunc(got.Attendees, list[i].Same)
		if at < 0 {
			any = any || IsFormRole(list[i].Role)
			continue
		}
		there := got.Attendees[at]
		any = any || IsFormRole(list[i].Role) && list[i].role() != there.role()
		there.Role, there.Name = list[i].Role, list[i].Name
		list[i] = there
	}
	for _, there := range got.Attendees {
		if !slices.ContainsFunc(list, there.Same) {
			list = append(list, there)
		}
	}
	return WithRoles(list, presenters), any
}

// WithRoles returns what an attempt asks for that makes these people the whole
// list, with their roles, and sets who may present; blank leaves that as it is.
// Graph gives the role of presenter only together with PresentersByRole, in one
// request with the whole list (Graph: onlineMeeting update, Note).
func WithRoles(people []Attendee, presenters string) Asked {
	asked := Asked{Roles: true, Attendees: people, Options: Options{Presenters: presenters}}
	if people == nil {
		asked.Attendees = []Attendee{} // an empty list is [], in the record too
	}
	if namesPresenter(people) {
		asked.Options.Presenters = PresentersByRole
	}
	return asked
}

// NewRoles returns the people asked for who are to be presenters or co-organizers and
// are not yet.
func NewRoles(asked, there []Attendee) (named []Attendee) {
	for _, a := range asked {
		known := slices.ContainsFunc(there, func(t Attendee) bool { return t.Same(a) && t.Role == a.Role })
		if IsFormRole(a.Role) && !known {
			named = append(named, a)
		}
	}
	return named
}

func namesPresenter(people []Attendee) bool {
	return slices.ContainsFunc(people, func(a Attendee) bool { return a.Role == RolePresenter })
}

// OptionMet reports whether the meeting has what an attempt to set an option, or
// roles, asks for.
func (a Asked) OptionMet(got Details) bool {
	if len(a.Options.Beside(got.Options).Chosen()) > 0 {
		return false
	}
	return !a.Roles || !got.MaybeCut() && SamePeople(a.Attendees, got.Attendees)
}

// Goal returns what is asked for as the whole meeting: an attempt to set roles says
// nothing of the rest, which stays as it is.
func (m Meeting) Goal(asked Asked) Asked {
	if asked.Roles {
		asked.Subject, asked.Start, asked.End, asked.TimeZone = m.Subject, m.Start, m.End, m.TimeZone
	}
	return asked
}

// NeedsList reports whether Graph wants the whole list of people with what the attempt
// asks for. A list that may be cut cannot be sent.
func (a Asked) NeedsList() bool {
	return a.Roles || a.Options.Presenters == PresentersByRole
}

// WithoutRoles returns the people as ordinary attendees.
func WithoutRoles(people []Attendee) []Attendee {
	list := slices.Clone(people)
	for i := range list {
		list[i].Role = ""
	}
	return list
}

// keepRoles returns the people with the role that they have there, where none was
// asked for.
func keepRoles(asked, there []Attendee) []Attendee {
	list := slices.Clone(asked)
	index := make(sameIndex, 2*len(there))
	for i, t := range there {
		index.add(t, "", i)
	}
	for i, a := range list {
		if at := index.find(a, ""); at >= 0 && a.Role == "" {
			list[i].Role = there[at].Role
		}
	}
	return list
}

// unpresented returns the people without the role of presenter, which counts for
// nothing unless PresentersByRole is set.
func unpresented(people []Attendee) []Attendee {
	list := slices.Clone(people)
	for i := range list {
		if list[i].Role == RolePresenter {
			list[i].Role = ""
		}
	}
	return list
}
