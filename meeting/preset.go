package meeting

import (
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The limits for a preset's fields.
const (
	MaxPresetName    = 60 // characters
	MaxPresetPrefix  = 40 // characters
	MinPresetMinutes = 5
	MaxPresetMinutes = int(MaxDuration / time.Minute)
)

// Preset contains values that prefill the form for a new meeting. An administrator can
// define presets, for example one for each queue. An empty field has no effect.
type Preset struct {
	ID        int64
	Name      string  // must be unique; names with the same PresetKey count as equal
	Prefix    string  // a ticket that begins with the prefix, in any spelling, selects the preset
	Subject   string  // the pattern for the subject, in which TicketPlace is replaced with the ticket
	Minutes   int     // the length of the meeting; 0 keeps the form's default length
	Options   Options // an empty option keeps the organization's default
	Version   int64   // increases with each change
	ChangedBy User    // the administrator who added or last changed the preset
	ChangedAt time.Time
}

// PresetKey returns a key for comparing the names or prefixes of presets. It ignores case
// and extra spaces.
func PresetKey(text string) string { return strings.ToLower(strings.Join(strings.Fields(text), " ")) }

// SubjectFor returns the pattern with the ticket in place of TicketPlace, cut to MaxSubject
// characters. If ticket is "", it returns the pattern unchanged.
func SubjectFor(pattern, ticket string) string {
	if ticket == "" {
		return pattern
	}
	subject := []rune(strings.ReplaceAll(pattern, TicketPlace, ticket))
	return string(subject[:min(len(subject), MaxSubject)])
}

// PresetNamed returns the preset whose name has the same PresetKey as the given name. ok
// is false if there is no such preset.
func PresetNamed(presets []Preset, name string) (p Preset, ok bool) {
	for _, p := range presets {
		if PresetKey(p.Name) == PresetKey(name) {
			return p, true
		}
	}
	return Preset{}, false
}

// PresetForTicket returns the preset with the longest prefix that the ticket begins with.
// ok is false if no prefix matches.
func PresetForTicket(presets []Preset, ticket string) (found Preset, ok bool) {
	for _, p := range presets {
		if p.selects(ticket) && len(TicketKey(p.Prefix)) > len(TicketKey(found.Prefix)) {
			found, ok = p, true
		}
	}
	return found, ok
}

// selects reports whether the ticket begins with the preset's prefix, in any spelling:
// "HR-" selects "HR-9002", "hr9002" and "HR 9002". Unlike "HR", the prefix "HR-" does not
// select "HRX-1", because it ends with a separator.
func (p Preset) selects(ticket string) bool {
	prefix := TicketKey(p.Prefix)
	rest, begins := strings.CutPrefix(TicketKey(ticket), prefix)
	if !begins || prefix == "" {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(prefix)
	next, _ := utf8.DecodeRuneInString(rest)
	end, _ := utf8.DecodeLastRuneInString(p.Prefix)
	sameWord := unicode.IsLetter(last) && unicode.IsLetter(next) || unicode.IsDigit(last) && unicode.IsDigit(next)
	return !sameWord || !IsTicketSeparator(end)
}

// Validate returns what is wrong with the preset's text fields and options. It does not
// check Minutes.
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
