package meeting

import "cmp"

// Changed returns the contents of the attempts needed to change an existing meeting as
// requested. One attempt changes the subject, the times and the attendees. Each option
// needs a separate attempt. An attempt that sets OptionPresenters to PresentersByRole also
// sends the attendees, so the first attempt omits them.
//
// Attendees are sent only if they or their roles differ and Graph cannot have omitted any.
// Graph removes every attendee who is not in the list that it receives.
func (m Meeting) Changed(r Request) (parts []Asked) {
	asked := r.Asked(r.Start)
	asked.ExternalID, asked.ThreadID, asked.Options = m.ExternalID, "", Options{}
	options, byRole := m.chosen(r)
	people := Keep(r.Attendees, m.Attendees)
	current := m.Attendees
	if !byRole {
		people, current = withoutPresenters(people), withoutPresenters(current)
	}
	asked.KeepPeople, asked.Attendees = true, nil
	roles := Asked{Options: Options{Presenters: options.Presenters}}
	if !m.MaybeCut() && !SamePeople(people, current) {
		if options.Presenters == PresentersByRole {
			roles = WithRoles(people, PresentersByRole)
		} else {
			asked.KeepPeople, asked.Attendees = false, people
		}
	}
	if len(asked.Differences(m.Details)) > 0 {
		parts = append(parts, asked)
	}
	for _, o := range options.Chosen() {
		part := Asked{Options: Options{}.With(o, options.Get(o))}
		if o == OptionPresenters {
			part = roles
		}
		parts = append(parts, part)
	}
	return parts
}

// chosen returns the options that a request sets. It also reports whether presenters are
// chosen by role once these options are set.
func (m Meeting) chosen(r Request) (options Options, byRole bool) {
	options = r.Options.Diff(m.Options).ForRoles(Keep(r.Attendees, m.Attendees), m.Attendees).Diff(m.Options)
	return options, cmp.Or(options.Presenters, m.Options.Presenters) == PresentersByRole
}

// Unchangeable returns a problem if Graph cannot make the requested change, or if the
// change might remove attendees. A new presenter requires PresentersByRole, which is sent
// with the whole list of attendees, and the list that the desk stores may be incomplete.
func (m Meeting) Unchangeable(r Request) (problems Problems) {
	options, byRole := m.chosen(r)
	switch {
	case !byRole && namesPresenter(NewRoles(r.Attendees, m.Attendees)):
		problems.Add(string(OptionPresenters), ReasonPresentersRoles, nil)
	case options.Presenters != PresentersByRole:
	case m.MaybeCut():
		problems.Add(string(OptionPresenters), ReasonPresentersMany, Args{"Max": FullList})
	case m.InChannel() && len(r.Attendees) == 0:
		problems.Add(string(OptionPresenters), ReasonPresentersChannel, nil)
	}
	return problems
}
