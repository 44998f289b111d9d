package spreadsheet_test

import (
	"testing"

	"meetdesk/linear"
	"meetdesk/spreadsheet"
)

// TestReadingIsLinear checks that the time to read text grows linearly with its length.
func TestReadingIsLinear(t *testing.T) {
	linear.Texts(t, 16<<10, "Ticket", "", func(text string) { _, _ = spreadsheet.ReadBytes([]byte(text)) })
}
