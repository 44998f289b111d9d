package xlsx

import (
	"bytes"
	"encoding/xml"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

// FuzzWorkbook asserts that text can be read back, unless it is too long for a cell. No cell
// may be a formula or too long for Excel, and no cell may be added or lost.
func FuzzWorkbook(f *testing.F) {
	for _, text := range []string{"INC0012345", "=1+1", "_x0041_", "_x005F_x0041_", "a\x1fb\r\n\tc", "]]>&<\"", "\ufffe\uffff", "\xff", " x ", strings.Repeat("😀", 20000)} {
		f.Add(text, int64(7))
	}
	f.Fuzz(func(t *testing.T, text string, n int64) {
		var file bytes.Buffer
		w := NewWriter(&file, "Meetings", []Column{{"A", 10}, {"B", 10}, {"C", 10}})
		if err := w.Row(text, n, "end"); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		texts, numbers := readSheet(t, file.Bytes())
		if text != "" {
			got := unescape(texts[3])
			want := strings.ToValidUTF8(cut(text), "\ufffd")
			if !utf8.ValidString(text) {
				got, want = strings.ReplaceAll(got, "\ufffd", ""), strings.ReplaceAll(want, "\ufffd", "")
			}
			if got != want {
				t.Errorf("%+q is read back as %+q", want, got)
			}
			if units := len(utf16.Encode([]rune(unescape(texts[3])))); units > maxText {
				t.Errorf("a cell of %d characters", units)
			}
		}
		if len(numbers) != 1 || numbers[0] != strconv.FormatInt(n, 10) || texts[len(texts)-1] != "end" {
			t.Errorf("%q and %d become %q and %v", text, n, texts, numbers)
		}
	})
}

// readSheet returns the strings and numbers in the workbook's only sheet. It fails the test
// if there is a formula.
func readSheet(t *testing.T, book []byte) (texts, numbers []string) {
	var sheet struct {
		Cells []struct {
			Text    *string `xml:"is>t"`
			Number  *string `xml:"v"`
			Formula *string `xml:"f"`
		} `xml:"sheetData>row>c"`
	}
	if err := xml.Unmarshal([]byte(unzip(t, book)["xl/worksheets/sheet1.xml"]), &sheet); err != nil {
		t.Fatal(err)
	}
	for _, cell := range sheet.Cells {
		switch {
		case cell.Formula != nil:
			t.Errorf("a formula: %q", *cell.Formula)
		case cell.Text != nil:
			texts = append(texts, *cell.Text)
		case cell.Number != nil:
			numbers = append(numbers, *cell.Number)
		}
	}
	return texts, numbers
}
