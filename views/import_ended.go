package views

import (
	"strings"

	"meetdesk/meeting"
)

// EndedRow is a row on the page of an import that has started.
type EndedRow struct {
	meeting.RowOutcome
	Asked   meeting.Request      // what the row asks for, if its meeting existed already
	Differs []meeting.Difference // the parts in which that meeting differs from the row
}

// asked describes the subject and the time that the row asks for, or returns "" if the
// existing meeting does not differ from the row.
func (r EndedRow) asked(p Page) string {
	if len(r.Differs) == 0 {
		return ""
	}
	row := CheckedRow{ImportRow: meeting.ImportRow{Request: r.Asked}}
	if r.Asked.Subject == "" {
		return row.when(p)
	}
	return r.Asked.Subject + ", " + row.when(p)
}

// DifferenceWords returns the names of the parts, separated by commas.
func DifferenceWords(p Page, parts []meeting.Difference) string {
	var words []string
	for _, part := range parts {
		words = append(words, p.T.T("different."+string(part)))
	}
	return strings.Join(words, ", ")
}
