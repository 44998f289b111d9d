package views

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"meetdesk/meeting"
	"meetdesk/views/ui"
)

// ImportData holds the data for the page of an import that has started.
type ImportData struct {
	Import meeting.Import
	Failed []EndedRow // the first rows that failed
	Rows   []EndedRow // the first rows that have not failed
	Others bool       // whether an administrator is viewing another user's import
	Wait   int        // the delay in seconds that Microsoft requested, or 0
	Zone   *time.Location
}

// The rate is shown only after it has been measured for at least shortMeasure and over at
// least enoughRows rows. After longMeasure, any number of rows is enough.
const (
	shortMeasure = 5 * time.Second
	longMeasure  = 29 * time.Second
	enoughRows   = 10
)

// rate returns the number of rows finished per minute, and whether it was measured for long
// enough.
func (d ImportData) rate() (perMinute int, known bool) {
	c := d.Import.Counts
	if d.Import.State != meeting.ImportRunning || c.Recently < shortMeasure || c.Recent < enoughRows && c.Recently < longMeasure {
		return 0, false
	}
	return int(math.Round(float64(c.Recent) / c.Recently.Minutes())), true
}

// left returns a message with the import's remaining time, or "" if it is unknown. The time
// includes the delay that Microsoft requested.
func (d ImportData) left(p Page) string {
	perMinute, known := d.rate()
	if !known || perMinute == 0 || d.Import.Counts.Remaining() == 0 {
		return ""
	}
	minutes := float64(d.Wait)/60 + float64(d.Import.Counts.Remaining())/float64(perMinute)
	if minutes < 1 {
		return p.T.T("import.minute")
	}
	return p.T.N("import.minutes", int(math.Ceil(minutes)))
}

// phase identifies the state on which the static parts of the page depend. When it changes,
// the page is reloaded.
func (d ImportData) phase() string {
	phase := string(d.Import.State)
	if d.Import.State != meeting.ImportRunning && d.Import.Changes() {
		phase += " with rows in flight"
	}
	return phase
}

func (d ImportData) tenths() string {
	if d.Import.Counts.Total() == 0 {
		return "10"
	}
	return strconv.Itoa(d.Import.Counts.Done() * 10 / d.Import.Counts.Total())
}

func (d ImportData) unlisted() int {
	return max(0, d.Import.Counts.Rows-len(d.Failed)-len(d.Rows))
}

// RowState returns the text for a row's state.
func RowState(p Page, s meeting.RowState) string { return p.T.T("import.row." + string(s)) }

// RowReason returns a message that explains why a row failed or was skipped, or "" if no
// reason is given.
func RowReason(p Page, why meeting.Reason, args meeting.Args) string {
	if why == "" {
		return ""
	}
	return p.T.Problem(meeting.Problem{Key: why, Args: args})
}

func rowTone(s meeting.RowState) ui.Tone {
	switch s {
	case meeting.RowCreated, meeting.RowFound:
		return ui.Good
	case meeting.RowFailed:
		return ui.Bad
	case meeting.RowLeft:
		return ui.Calm
	}
	return ui.Note
}

func importTone(s meeting.ImportState) ui.Tone {
	switch s {
	case meeting.ImportDone:
		return ui.Good
	case meeting.ImportPaused:
		return ui.Warn
	case meeting.ImportCancelled:
		return ui.Calm
	}
	return ui.Note
}

// summaryOf describes the progress of an import. For a draft, it states the number of rows.
func summaryOf(p Page, i meeting.Import) string {
	if i.State == meeting.ImportDraft {
		return p.T.N("import.rows", i.Counts.Rows)
	}
	done := p.T.T("import.done_of", meeting.Args{"Done": i.Counts.Done(), "Total": i.Counts.Total()})
	if i.Counts.Left > 0 {
		done += ", " + p.T.N("import.left", i.Counts.Left)
	}
	return done
}

func importTitle(p Page, i meeting.Import) string {
	if i.Title == "" {
		return p.T.T("import.pasted")
	}
	return i.Title
}

func percent(c meeting.ImportCounts) string {
	if c.Total() == 0 {
		return "100"
	}
	return fmt.Sprint(c.Done() * 100 / c.Total())
}

// importWhyText says why the import is paused, or who cancelled it. It returns "" if there
// is no reason.
func importWhyText(p Page, i meeting.Import) string {
	if i.Reason == "" {
		return ""
	}
	key := string(i.Reason)
	if theirs := key + ".theirs"; i.User.ID != p.User.ID && p.T.Has(theirs) {
		key = theirs
	}
	return p.T.T(key, meeting.Args{"Name": i.User.DisplayName()})
}

// advice returns a message that says how to continue the paused import, or "" if pressing
// the button is enough.
func (d ImportData) advice(p Page) string {
	if d.Others || d.Import.State != meeting.ImportPaused {
		return ""
	}
	switch d.Import.Reason {
	case meeting.ReasonImportSessionEnded, meeting.ReasonImportRevoked, meeting.ReasonImportSignedOut, meeting.ReasonClaims:
		return p.T.T("import.paused.again")
	case meeting.ReasonImportDayOver:
		return p.T.T("import.paused.day")
	case meeting.ReasonImportNoRole, meeting.ReasonConsent, meeting.ReasonBlocked, meeting.ReasonScope, meeting.ReasonSetup:
		return p.T.T("import.paused.fix")
	}
	return ""
}
