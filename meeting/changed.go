package meeting

import "cmp"

// Changed returns what a request changes of a meeting that exists, one attempt for each
// part: the meeting itself, then each option. What the form does not show stays. An
// option that the form shows unchanged was not chosen. People are included only if they
// or their roles differ: a list that is not sent removes nobody.
func (m Meeting) Changed(r Request) (parts []Asked) {
	asked := r.Asked(r.Start)
	asked.ExternalID, asked.ThreadID, asked.Options = m.ExternalID, "", Options{}
	options, byRole := m.chosen(r)
	people := Keep(r.Attendees, m.Attendees)
	there := m.Attendees
	if !byRole {
		people, there = unpresented(people), unpresented(there)
	}
	asked.KeepPeople, asked.Attendees = true, nil
	roles := Asked{Options: Options{Presenters: options.Presenters}}
	if !m.MaybeCut() && !SamePeople(people, there) {
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

// chosen returns the options that a request sets, and whether presenters are by
// role after that.
func (m Meeting) chosen(r Request) (options Options, byRole bool) {
	options = r.Options.Beside(m.Options).ForRoles(Keep(r.Attendees, m.Attendees), m.Attendees).Beside(m.Options)
	return options, cmp.Or(options.Presenters, m.Options.Presenters) == PresentersByRole
}

// Unchangeable returns a problem for what Graph cannot be sent: a role without the
// option that makes it count, or that option without a list of people that is known to
// be complete.
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
