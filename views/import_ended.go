package views

import (
	"strings"

	"meetdesk/meeting"
)

// EndedRow is a row on the page of an import that has started.
type EndedRow struct {
	meeting.RowOutcome
	Asked   meeting.Request      // what the row asks for, if its meeting already existed
	Differs []meeting.Difference // the fields in which the existing meeting differs from the row
}

// asked describes the subject and the time that the row asks for. Like the existing
// meeting's time, the time is in the reader's zone, if that is known. asked returns "" if
// the existing meeting does not differ from the row.
func (r EndedRow) asked(p Page) string {
	if len(r.Differs) == 0 {
		return ""
	}
	when := p.T.T("import.now")
	if asked := r.Asked.Asked(r.Asked.Start); !asked.Start.IsZero() {
		when = p.timeOf(asked.Start, asked.End, asked.TimeZone).String()
	}
	if r.Asked.Subject == "" {
		return when
	}
	return r.Asked.Subject + ", " + when
}

// DifferenceWords returns the names of the parts, separated by commas.
func DifferenceWords(p Page, parts []meeting.Difference) string {
	var words []string
	for _, part := range parts {
		words = append(words, p.T.T("different."+string(part)))
	}
	return strings.Join(words, ", ")
}
