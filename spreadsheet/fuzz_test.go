package spreadsheet_test

import (
	"encoding/csv"
	"strings"
	"testing"
	"unicode/utf8"

	"meetdesk/spreadsheet"
)

// FuzzRead asserts that a table contains no empty rows or invalid text, and does not have
// too many rows or columns. Writing a table as CSV and reading it back must not add rows.
func FuzzRead(f *testing.F) {
	for _, file := range [][]byte{
		[]byte("Ticket;A\r\n\"a\"\"b\";c\r\n"), []byte("\xff\xfeT\x00"), []byte("sep=,\na,b"), []byte("a\tb\n\nc"), []byte("caf\xe9,1"),
		book(f, `<row r="9"><c r="B9" t="s"><v>1</v></c><c r="A9" s="1"><v>1</v></c></row>`),
		ods(f, `<table:table-row><table:table-cell table:number-columns-repeated="2"><text:p>x</text:p></table:table-cell></table:table-row>`),
	} {
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		table, err := spreadsheet.ReadBytes(file)
		if err != nil {
			return
		}
		if len(table.Rows) == 0 || len(table.Rows) > spreadsheet.MaxRows+1 {
			t.Errorf("%d rows", len(table.Rows))
		}
		var again strings.Builder
		w := csv.NewWriter(&again)
		for _, row := range table.Rows {
			if len(row.Cells) == 0 || len(row.Cells) > spreadsheet.MaxColumns {
				t.Errorf("row %d has %d cells", row.Number, len(row.Cells))
			}
			for _, cell := range row.Cells {
				if !utf8.ValidString(cell) {
					t.Errorf("row %d has %q", row.Number, cell)
				}
			}
			_ = w.Write(row.Cells)
		}
		w.Flush()
		if second, err := spreadsheet.ReadText(again.String()); err == nil && len(second.Rows) > len(table.Rows) {
			t.Errorf("%d rows become %d", len(table.Rows), len(second.Rows))
		}
	})
}
