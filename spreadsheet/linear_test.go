package spreadsheet_test

import (
	"testing"

	"meetdesk/linear"
	"meetdesk/spreadsheet"
)

func TestReadingIsLinear(t *testing.T) {
	linear.Texts(t, 16<<10, "Ticket", "", func(text string) { _, _ = spreadsheet.ReadBytes([]byte(text)) })
}
