package meeting

import "slices"

// Option is the name of a meeting setting that the desk offers. createOrGet accepts no
// settings, so separate attempts set them once the meeting exists.
type Option string

// The options.
const (
	OptionLobby      Option = "lobby"      // who bypasses the lobby: lobbyBypassSettings.scope
	OptionPresenters Option = "presenters" // who may present: allowedPresenters
	OptionAnnounce   Option = "announce"   // a sound when callers join or leave: isEntryExitAnnounced
	OptionRecord     Option = "record"     // whether Teams records the meeting: recordAutomatically
)

// The values of an option that can only be on or off.
const (
	On  = "on"
	Off = "off"
)

// PresentersByRole is the only value of OptionPresenters under which the presenter role
// has any effect (Graph: onlineMeeting update).
const PresentersByRole = "roleIsPresenter"

// AllOptions returns the options in the order in which the desk shows and sets them.
func AllOptions() []Option {
	return []Option{OptionLobby, OptionPresenters, OptionAnnounce, OptionRecord}
}

// Values returns the values that the desk offers for the option, in Graph's spelling.
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

// Options contains a value for each option. "" means that the value is unknown or is not to
// be changed.
type Options struct {
	Lobby      string `json:"lobby,omitempty"`
	Presenters string `json:"presenters,omitempty"`
	Announce   string `json:"announce,omitempty"`
	Record     string `json:"record,omitempty"`
}

// Get returns the value of an option, or "" if it has none.
func (v Options) Get(o Option) string {
	if p := v.Ref(o); p != nil {
		return *p
	}
	return ""
}

// With returns a copy with one option set.
func (v Options) With(o Option, value string) Options {
	if p := v.Ref(o); p != nil {
		*p = value
	}
	return v
}

// Ref returns a pointer to the value of an option, or nil for an unknown option.
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

// Diff returns the values of v that are not empty and differ from the current ones.
func (v Options) Diff(current Options) Options {
	var left Options
	for _, o := range v.Chosen() {
		if v.Get(o) != current.Get(o) {
			left = left.With(o, v.Get(o))
		}
	}
	return left
}

// ForRoles returns the options to set if a meeting's people change from current to asked.
// If there is a new presenter and OptionPresenters is empty, that option becomes
// PresentersByRole, because the presenter role would otherwise have no effect.
func (v Options) ForRoles(asked, current []Attendee) Options {
	if v.Presenters == "" && namesPresenter(NewRoles(asked, current)) {
		v.Presenters = PresentersByRole
	}
	return v
}

// ValidateRoles returns a problem if an attendee is a presenter but OptionPresenters has a
// value under which that role has no effect.
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
