// Package selfcheck checks a configuration before its mistakes affect users. It tries the
// services and files that the configuration names, such as the provider, Graph and the
// database. It does not change any data at Microsoft.
package selfcheck

import (
	"slices"

	"meetdesk/locale"
	"meetdesk/meeting"
)

// State is the severity of a check's outcome.
type State string

// The states. Wrong means that users will get an error. Warning means that the desk
// works, but something needs attention.
const (
	OK      State = "ok"
	Unknown State = "unknown" // the check cannot determine the state from this machine
	Warning State = "warning"
	Wrong   State = "wrong"
)

// Line is the result of one check. Its message keys in package locale are check.NAME for
// the subject of the check, check.NAME.OUTCOME for the result, and check.NAME.OUTCOME.do
// for the recommended action.
type Line struct {
	Name    string
	State   State
	Outcome string
	Setting string // the setting to change, with its prefix; "" if the fault is elsewhere
	Args    meeting.Args
}

// Text is a Line translated into one language.
type Text struct {
	Name    string `json:"name"`
	State   State  `json:"state"`
	Setting string `json:"setting,omitempty"`
	Looked  string `json:"looked"`
	Found   string `json:"found"`
	Do      string `json:"do,omitempty"`
}

// In returns the text of the line in the language of p.
func (l Line) In(p locale.Printer) Text {
	key, args := "check."+l.Name, explain(p, l.Args)
	t := Text{Name: l.Name, State: l.State, Setting: l.Setting, Looked: p.T(key, args), Found: p.T(key+"."+l.Outcome, args)}
	if advice := key + "." + l.Outcome + ".do"; p.Has(advice) {
		t.Do = p.T(advice, args)
	}
	return t
}

// WorstFirst sorts the lines by state, worst first. The sort is stable.
func WorstFirst(lines []Line) {
	slices.SortStableFunc(lines, func(a, b Line) int { return b.State.rank() - a.State.rank() })
}

func (s State) rank() int { return slices.Index([]State{OK, Unknown, Warning, Wrong}, s) }

// Worst returns the worst state of any line, or OK if there are no lines.
func Worst(lines []Line) State {
	worst := OK
	for _, l := range lines {
		if l.State.rank() > worst.rank() {
			worst = l.State
		}
	}
	return worst
}

// BlamesSetting reports whether any of the lines is wrong because of a setting.
func BlamesSetting(lines []Line) bool {
	return slices.ContainsFunc(lines, func(l Line) bool { return l.State == Wrong && l.Setting != "" })
}

func (l Line) with(state State, outcome string) Line {
	l.State, l.Outcome = state, outcome
	return l
}

func (l Line) blame(setting string) Line {
	l.Setting = Prefix + setting
	return l
}

// Prefix is the prefix of every setting's name.
const Prefix = "MEETDESK_"
