// Package selfcheck checks a configuration before mistakes in it affect anybody. It tries
// the services and files that the configuration names, such as the provider, Graph and the
// database. It changes nothing at Microsoft.
package selfcheck

import (
	"slices"

	"meetdesk/locale"
	"meetdesk/meeting"
)

// State is the severity of a check's outcome.
type State string

// The states. Wrong means that people will get an error. Warning means that the desk
// works, but something needs attention.
const (
	OK      State = "ok"
	Unknown State = "unknown" // the check cannot determine the state from this machine
	Warning State = "warning"
	Wrong   State = "wrong"
)

// Line is the result of one check. Its sentences are in package locale: check.NAME names
// the check, check.NAME.OUTCOME describes what was found, and check.NAME.OUTCOME.do tells
// the reader what to do.
type Line struct {
	Name    string
	State   State
	Outcome string
	Setting string // the setting to change, with its prefix; "" if the fault is elsewhere
	Args    meeting.Args
}

// Text contains the sentences of a line in one language.
type Text struct {
	Name    string `json:"name"`
	State   State  `json:"state"`
	Setting string `json:"setting,omitempty"`
	Looked  string `json:"looked"`
	Found   string `json:"found"`
	Do      string `json:"do,omitempty"`
}

// In returns the sentences of the line in the printer's language.
func (l Line) In(p locale.Printer) Text {
	key, args := "check."+l.Name, explain(p, l.Args)
	t := Text{Name: l.Name, State: l.State, Setting: l.Setting, Looked: p.T(key, args), Found: p.T(key+"."+l.Outcome, args)}
	if advice := key + "." + l.Outcome + ".do"; p.Has(advice) {
		t.Do = p.T(advice, args)
	}
	return t
}

// WorstFirst sorts the lines by state, the worst first. Lines with the same state keep
// their order.
func WorstFirst(lines []Line) {
	slices.SortStableFunc(lines, func(a, b Line) int { return b.State.rank() - a.State.rank() })
}

// rank returns a higher number for a worse state.
func (s State) rank() int { return slices.Index([]State{OK, Unknown, Warning, Wrong}, s) }

// Worst returns the worst state of the lines.
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

// blame returns the line with the setting that has to be changed.
func (l Line) blame(setting string) Line {
	l.Setting = Prefix + setting
	return l
}

// Prefix begins the name of every setting.
const Prefix = "MEETDESK_"
