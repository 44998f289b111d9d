package views

import (
	"time"

	"meetdesk/meeting"
	"meetdesk/views/ui"
)

// CheckData contains the results of the last configuration check.
type CheckData struct {
	Lines []CheckLine
	At    time.Time // zero if there has been no check since the program started
}

func (d CheckData) bad() (lines []CheckLine) {
	for _, l := range d.Lines {
		if l.State == "wrong" || l.State == "warning" {
			lines = append(lines, l)
		}
	}
	return lines
}

// counts returns the numbers of faults, warnings and checks without a result.
func (d CheckData) counts() meeting.Args {
	n := make(map[string]int)
	for _, l := range d.Lines {
		n[l.State]++
	}
	return meeting.Args{"Wrong": n["wrong"], "Warnings": n["warning"], "Unknown": n["unknown"]}
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

func checkedAt(p Page, d CheckData) string {
	if d.At.IsZero() {
		return p.T.T("admin.check.never")
	}
	return p.T.T("admin.check.at", meeting.Args{"When": p.T.DateTime(d.At, p.zoneOr(nil))})
}
