package meeting

import "slices"

// Option names one of the settings of a meeting that a desk needs. createOrGet
// takes none of them, so each is set by an attempt of its own afterwards.
type Option string

// The options.
const (
	OptionLobby      Option = "lobby"      // who gets in without waiting: Graph's lobbyBypassSettings.scope
	OptionPresenters Option = "presenters" // who may present: allowedPresenters
	OptionAnnounce   Option = "announce"   // a sound when callers come and go: isEntryExitAnnounced
	OptionRecord     Option = "record"     // recordAutomatically
)

// What an option that is a switch can be.
const (
	On  = "on"
	Off = "off"
)

// PresentersByRole is the value of OptionPresenters with which, and only with
// which, an attendee's role of presenter counts (Graph: onlineMeeting update).
const PresentersByRole = "roleIsPresenter"

// AllOptions returns the options in the order in which they are shown and set.
func AllOptions() []Option {
	return []Option{OptionLobby, OptionPresenters, OptionAnnounce, OptionRecord}
}

// Values returns what the option can be set to, in Graph's own words.
func (o Option) Values() []string {
	switch o {
	case OptionLobby:
		return []string{"organizer", "invited", "organization", "organizationExcludingGuests", "organizationAndFederated", "everyone"}
	case OptionPresenters:
		return []string{"everyone", "organization", PresentersByRole, "organizer"}
	case OptionAnnounce, OptionRecord:
		return []string{On, Off}
	}
	return nil
}

// Options are values for options. A blank one is not known, or is to be left as
// it is.
type Options struct {
	Lobby      string `json:"lobby,omitempty"`
	Presenters string `json:"presenters,omitempty"`
	Announce   string `json:"announce,omitempty"`
	Record     string `json:"record,omitempty"`
}

// Get returns the option's value, "" for none.
func (v Options) Get(o Option) string {
	if p := v.Ref(o); p != nil {
		return *p
	}
	return ""
}

// With returns the values with the option set.
func (v Options) With(o Option, value string) Options {
	if p := v.Ref(o); p != nil {
		*p = value
	}
	return v
}

func (v *Options) Ref(o Option) *string {
	switch o {
	case OptionLobby:
		return &v.Lobby
	case OptionPresenters:
		return &v.Presenters
	case OptionAnnounce:
		return &v.Announce
	case OptionRecord:
		return &v.Record
	}
	return nil
}

// Chosen returns the options that have a value.
func (v Options) Chosen() []Option {
	return slices.DeleteFunc(AllOptions(), func(o Option) bool { return v.Get(o) == "" })
}

// Beside returns the values that differ from what is there: what is left to set.
func (v Options) Beside(there Options) Options {
	var left Options
	for _, o := range v.Chosen() {
		if v.Get(o) != there.Get(o) {
			left = left.With(o, v.Get(o))
		}
	}
	return left
}

// ForRoles returns the values for a meeting with these people: whoever names a
// presenter without saying who may present means that it is by role, since the
// role counts for nothing otherwise. there are the people who are on the list
// already, whose roles nobody asks for now.
func (v Options) ForRoles(asked, there []Attendee) Options {
	if v.Presenters == "" && namesPresenter(NewRoles(asked, there)) {
		v.Presenters = PresentersByRole
	}
	return v
}

// ValidateRoles refuses to name presenters where who may present is said to be
// something else: the role would count for nothing.
func (v Options) ValidateRoles(asked []Attendee) (problems Problems) {
	if namesPresenter(asked) && v.Presenters != "" && v.Presenters != PresentersByRole {
		problems.Add(string(OptionPresenters), ReasonPresentersRoles, nil)
	}
	return problems
}

func (v Options) validate() (problems Problems) {
	for _, o := range v.Chosen() {
		if !slices.Contains(o.Values(), v.Get(o)) {
			problems.Add(string(o), ReasonOptionUnknown, Args{"Value": Shorten(v.Get(o), 40)})
		}
	}
	return problems
}
