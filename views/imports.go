package views

import (
	"strconv"
	"time"

	"meetdesk/meeting"
)

// ImportsData holds the data for a list of imports.
type ImportsData struct {
	Imports []meeting.Import
	Older   int64 // the next page begins after the import with this ID; 0 if this is the last page
	Zone    *time.Location
}

func (d ImportsData) older(list string) string {
	return list + "?before=" + strconv.FormatInt(d.Older, 10)
}

// NewImportData holds the data for the page on which a table is uploaded or pasted.
type NewImportData struct {
	TimeZone string
	Zones    []string
	Text     string // the pasted rows
	Problem  string // why the table could not be read, or ""
	Kept     Kept
	File     string // the name of the file that the user has to select again; "" for none
}

// MaxImportRows is the maximum number of failed rows that an import's page lists. It is also
// the maximum number of other rows.
const MaxImportRows = 200
