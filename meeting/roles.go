package meeting

import "slices"

// FollowUps returns the attempts that a new meeting still needs, because createOrGet
// accepts no options and ignores roles (Graph: beta createOrGet, example 1).
func (a Asked) FollowUps(got Details) (parts []Asked) {
	left := a.Options.Diff(got.Options)
	roles, lacksRole := a.rolesLeft(got, left.Presenters)
	for _, o := range AllOptions() {
		switch value := left.Get(o); {
		case o == OptionPresenters && (lacksRole || value == PresentersByRole):
			parts = append(parts, roles)
		case value != "":
			parts = append(parts, Asked{Options: Options{}.With(o, value)})
		}
	}
	return parts
}

// rolesLeft returns an attempt that sets the requested roles and OptionPresenters, and
// reports whether a requested role is missing. The attempt replaces the whole list of
// people, so it contains the people from both the request and the reply. A reply about a
// channel meeting may omit requested people.
func (a Asked) rolesLeft(got Details, presenters string) (roles Asked, lacksRole bool) {
	list := slices.Clone(a.Attendees)
	for i := range list {
		at := slices.IndexFunc(got.Attendees, list[i].Same)
		if at < 0 {
			lacksRole = lacksRole || list[i].Role.InForm()
			continue
		}
		current := got.Attendees[at]
		lacksRole = lacksRole || list[i].Role.InForm() && list[i].role() != current.role()
		current.Role, current.Name = list[i].Role, list[i].Name
		list[i] = current
	}
	for _, current := range got.Attendees {
		if !slices.ContainsFunc(list, current.Same) {
			list = append(list, current)
		}
	}
	return WithRoles(list, presenters), lacksRole
}

// WithRoles returns an attempt that replaces the meeting's list of people, including their
// roles, and sets OptionPresenters to the given value. If any of the people has the
// presenter role, the value is PresentersByRole instead, as Graph requires (Graph:
// onlineMeeting update, Note).
func WithRoles(people []Attendee, presenters string) Asked {
	asked := Asked{Roles: true, Attendees: people, Options: Options{Presenters: presenters}}
	if people == nil {
		asked.Attendees = []Attendee{} // encoded as [] instead of null
	}
	if namesPresenter(people) {
		asked.Options.Presenters = PresentersByRole
	}
	return asked
}

// NewRoles returns the people in asked who do not have the same role in current. It
// considers only roles that the form offers.
func NewRoles(asked, current []Attendee) (named []Attendee) {
	for _, a := range asked {
		known := slices.ContainsFunc(current, func(t Attendee) bool { return t.Same(a) && t.Role == a.Role })
		if a.Role.InForm() && !known {
			named = append(named, a)
		}
	}
	return named
}

func namesPresenter(people []Attendee) bool {
	return slices.ContainsFunc(people, func(a Attendee) bool { return a.Role == RolePresenter })
}

// OptionMet reports whether the meeting already has the requested options and roles. Roles
// do not count as set if the list of people may be incomplete.
func (a Asked) OptionMet(got Details) bool {
	if len(a.Options.Diff(got.Options).Chosen()) > 0 {
		return false
	}
	return !a.Roles || !got.MaybeCut() && SamePeople(a.Attendees, got.Attendees)
}

// Goal returns the desired state of the whole meeting after an attempt. An attempt that
// sets roles leaves the subject and the times as they are.
func (m Meeting) Goal(asked Asked) Asked {
	if asked.Roles {
		asked.Subject, asked.Start, asked.End, asked.TimeZone = m.Subject, m.Start, m.End, m.TimeZone
	}
	return asked
}

// NeedsList reports whether the attempt must send the complete list of people, which is
// impossible while the desk's list may be incomplete.
func (a Asked) NeedsList() bool {
	return a.Roles || a.Options.Presenters == PresentersByRole
}

// WithoutRoles returns a copy of the list with all roles removed.
func WithoutRoles(people []Attendee) []Attendee {
	list := slices.Clone(people)
	for i := range list {
		list[i].Role = ""
	}
	return list
}

// keepRoles returns the requested people. A person without a requested role keeps their
// current role.
func keepRoles(asked, current []Attendee) []Attendee {
	list := slices.Clone(asked)
	index := make(sameIndex, 2*len(current))
	for i, t := range current {
		index.add(t, "", i)
	}
	for i, a := range list {
		if at := index.find(a, ""); at >= 0 && a.Role == "" {
			list[i].Role = current[at].Role
		}
	}
	return list
}

// withoutPresenters returns a copy of the list without presenter roles, which take effect
// only if OptionPresenters is PresentersByRole.
func withoutPresenters(people []Attendee) []Attendee {
	list := slices.Clone(people)
	for i := range list {
		if list[i].Role == RolePresenter {
			list[i].Role = ""
		}
	}
	return list
}
