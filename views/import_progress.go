package views

import (
	"fmt"
	"strconv"
	"time"

	"meetdesk/meeting"
	"meetdesk/views/ui"
)

// ImportData is the data for the page of an import that has started.
type ImportData struct {
	Import meeting.Import
	Failed []meeting.RowOutcome // the first rows that failed
	Rows   []meeting.RowOutcome // the first rows that have not failed
	Others bool                 // whether an administrator is viewing another user's import
	Wait   int                  // the delay in seconds that Microsoft requested, or 0
	Zone   *time.Location
}

// rate estimates how many rows are finished per minute, based on the last half minute.
func (d ImportData) rate() int { return d.Import.Counts.Recent * 2 }

// left returns a message with the remaining time of the import, or "" if it is unknown.
func (d ImportData) left(p Page) string {
	c := d.Import.Counts
	if d.rate() == 0 || c.Remaining() == 0 {
		return ""
	}
	if minutes := c.Remaining() / d.rate(); minutes > 0 {
		return p.T.N("import.minutes", minutes+1)
	}
	return p.T.T("import.minute")
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

// RowState returns the text of a row's state.
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

// summaryOf describes the progress of an import, or the number of rows of a draft.
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

// advice says how to continue the paused import, or "" if the button is enough.
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
