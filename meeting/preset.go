package meeting

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// The limits of a preset.
const (
	MaxPresetName    = 60 // characters
	MaxPresetPrefix  = 40 // characters
	MinPresetMinutes = 5
	MaxPresetMinutes = int(MaxDuration / time.Minute)
)

// Preset fills in parts of the form for a new meeting. An administrator sets one for each
// queue. Empty fields leave that part of the form as it is.
type Preset struct {
	ID        int64
	Name      string  // unique regardless of case; see PresetKey
	Prefix    string  // tickets that begin with it select the preset, regardless of case
	Subject   string  // TicketPlace is replaced with the ticket
	Minutes   int     // 0 for the person's usual length
	Options   Options // an empty option keeps the organization's default
	Version   int64   // rises with each change
	ChangedBy User    // the administrator who added or last changed it
	ChangedAt time.Time
}

// PresetKey returns the form of a preset's name or prefix in which case and the width of
// spaces do not count.
func PresetKey(text string) string { return strings.ToLower(strings.Join(strings.Fields(text), " ")) }

// SubjectFor returns the subject for a ticket. Without a ticket, the placeholder remains.
// A subject that becomes too long is cut.
func SubjectFor(pattern, ticket string) string {
	if ticket == "" {
		return pattern
	}
	subject := []rune(strings.ReplaceAll(pattern, TicketPlace, ticket))
	return string(subject[:min(len(subject), MaxSubject)])
}

// PresetNamed returns the preset with the given name. ok is false if there is none.
func PresetNamed(presets []Preset, name string) (p Preset, ok bool) {
	for _, p := range presets {
		if PresetKey(p.Name) == PresetKey(name) {
			return p, true
		}
	}
	return Preset{}, false
}

// PresetForTicket returns the preset with the longest prefix of the ticket. ok is false
// if no preset has one.
func PresetForTicket(presets []Preset, ticket string) (found Preset, ok bool) {
	ticket = PresetKey(ticket)
	for _, p := range presets {
		if p.Prefix != "" && strings.HasPrefix(ticket, PresetKey(p.Prefix)) && len(PresetKey(p.Prefix)) > len(PresetKey(found.Prefix)) {
			found, ok = p, true
		}
	}
	return found, ok
}

// Validate returns what is wrong with the preset's texts and options.
func (p Preset) Validate() (problems Problems) {
	switch count := utf8.RuneCountInString(p.Name); {
	case p.Name == "":
		problems.Add(FieldPresetName, ReasonPresetNameBlank, nil)
	case hasHidden(p.Name):
		problems.Add(FieldPresetName, ReasonPresetNameControl, nil)
	case count > MaxPresetName:
		problems.Add(FieldPresetName, ReasonPresetNameLong, Args{"Max": MaxPresetName, "Count": count})
	}
	switch count := utf8.RuneCountInString(p.Prefix); {
	case hasHidden(p.Prefix):
		problems.Add(FieldPresetPrefix, ReasonPresetPrefixControl, nil)
	case count > MaxPresetPrefix:
		problems.Add(FieldPresetPrefix, ReasonPresetPrefixLong, Args{"Max": MaxPresetPrefix, "Count": count})
	}
	problems = append(problems, validateSubject(p.Subject)...)
	for _, place := range placeholder.FindAllString(p.Subject, -1) {
		if place != TicketPlace {
			problems.Add(FieldSubject, ReasonPresetPlace, Args{"Value": Shorten(place, 40), "Place": TicketPlace})
			break
		}
	}
	return append(problems, p.Options.validate()...)
}

var placeholder = regexp.MustCompile(`\{[^{}]*\}`)
