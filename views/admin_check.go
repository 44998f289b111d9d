package views

import (
	"time"

	"meetdesk/views/ui"
)

// CheckData contains the results of the last configuration check.
type CheckData struct {
	Lines []CheckLine
	At    time.Time // zero if there has been no check since the program started
}

// CheckLine is the localized result of one check.
type CheckLine struct {
	State   string // ok, unknown, warning or wrong
	Setting string // the setting to change; "" if the problem is not in a setting
	Looked  string
	Found   string
	Do      string // what to do; "" if there is nothing to do
}

func (l CheckLine) tone() ui.Tone {
	switch l.State {
	case "ok":
		return ui.Good
	case "warning":
		return ui.Warn
	case "wrong":
		return ui.Bad
	}
	return ui.Note
}
