package xlsx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// unzip returns the parts of a workbook. It fails the test if any part is not XML.
func unzip(t testing.TB, book []byte) map[string]string {
	t.Helper()
	files, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	parts := make(map[string]string)
	for _, file := range files.File {
		r, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		for d := xml.NewDecoder(bytes.NewReader(text)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v in\n%s", file.Name, err, text)
			}
		}
		parts[file.Name] = string(text)
	}
	return parts
}

// TestSheets checks that a table with more rows than fit on a sheet continues on the next
// sheet, with the same heading.
func TestSheets(t *testing.T) {
	for _, tt := range []struct{ rows, sheets int }{{0, 1}, {1, 1}, {3, 1}, {4, 2}, {6, 2}, {7, 3}} {
		var book bytes.Buffer
		w := NewWriter(&book, "R & D", []Column{{"n", 5}, {"<name>", 10}})
		w.maxRows = 4
		for i := range tt.rows {
			if err := w.Row(int64(i), "x"); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		parts := unzip(t, book.Bytes())
		rows := 0
		for i := 1; i <= tt.sheets; i++ {
			sheet := parts[fmt.Sprintf("xl/worksheets/sheet%d.xml", i)]
			rows += strings.Count(sheet, "<row ") - 1
			if !strings.Contains(sheet, "&lt;name&gt;") || strings.Count(sheet, "<row ") > 4 {
				t.Errorf("%d rows: sheet %d is %s", tt.rows, i, sheet)
			}
			for _, in := range []string{"[Content_Types].xml", "xl/_rels/workbook.xml.rels"} {
				if !strings.Contains(parts[in], fmt.Sprintf("worksheets/sheet%d.xml", i)) {
					t.Errorf("%s lacks sheet %d", in, i)
				}
			}
		}
		if names := strings.Count(parts["xl/workbook.xml"], "R &amp; D"); rows != tt.rows || names != tt.sheets || len(parts) != 5+tt.sheets {
			t.Errorf("%d rows: %d rows in %d sheets, with %d files", tt.rows, rows, names, len(parts))
		}
	}
}

func TestDates(t *testing.T) {
	tokyo := time.FixedZone("", 9*60*60)
	for _, tt := range []struct {
		at   time.Time
		want string // the content of the cell: a serial number, as in Excel, LibreOffice and Gnumeric, or text
	}{
		{time.Date(2027, 3, 3, 10, 30, 0, 0, time.UTC), "46449.4375"}, {time.Date(2027, 3, 3, 10, 30, 0, 0, tokyo), "46449.4375"},
		{time.Date(1900, 3, 1, 0, 0, 0, 0, time.UTC), "61"}, {time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC), "2958465"}, {time.Date(2000, 1, 1, 18, 0, 0, 0, time.UTC), "36526.75"},
		{time.Date(1900, 2, 28, 0, 0, 0, 0, time.UTC), "1900-02-28T00:00:00Z"}, {time.Date(1900, 2, 28, 18, 0, 0, 0, time.UTC), "1900-02-28T18:00:00Z"}, {time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC), "0001-01-01T00:00:01Z"}, {time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), "10000-01-01T00:00:00Z"},
	} {
		w := Writer{row: 1}
		if got := string(w.appendCell(nil, 0, plain, tt.at)); !strings.Contains(got, ">"+tt.want+"<") || strings.Contains(got, "inlineStr") != strings.Contains(tt.want, "T") {
			t.Errorf("%v is %s, want %s", tt.at, got, tt.want)
		}
	}
}

// TestTexts checks that any text is stored as text. It must be unchanged when it is read
// back, unless it is too long for a cell.
func TestTexts(t *testing.T) {
	t.Run("too long for a cell", func(t *testing.T) {
		for text, want := range map[string]string{
			strings.Repeat("x", maxText):       strings.Repeat("x", maxText),
			strings.Repeat("ü", maxText):       strings.Repeat("ü", maxText),
			strings.Repeat("x", maxText+1):     strings.Repeat("x", maxText-1) + "…",
			strings.Repeat("😀", maxText/2):     strings.Repeat("😀", maxText/2),
			strings.Repeat("😀", maxText/2+1):   strings.Repeat("😀", maxText/2) + "…",
			"x" + strings.Repeat("😀", maxText): "x" + strings.Repeat("😀", maxText/2-1) + "…",
		} {
			if got := cut(text); got != want {
				t.Errorf("%.5s…, %d characters, becomes %d, want %d", text, utf8.RuneCountInString(text), utf8.RuneCountInString(got), utf8.RuneCountInString(want))
			}
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[=+\-@_x0-9A-F\r\n\t&<>"']{0,20}`), rapid.Just("_x005F_x0041__xFFFF_")).Draw(t, "text")
		var cell struct {
			Kind string `xml:"t,attr"`
			Text string `xml:"is>t"`
		}
		w := Writer{row: 1}
		written := w.appendCell(nil, 27, plain, text)
		if text == "" {
			return
		}
		if err := xml.Unmarshal(written, &cell); err != nil || cell.Kind != "inlineStr" || !bytes.HasPrefix(written, []byte(`<c r="AB1"`)) {
			t.Fatalf("%q is written %s: %v", text, written, err)
		}
		if got := unescape(cell.Text); got != strings.ToValidUTF8(text, "\ufffd") {
			t.Fatalf("%q comes back as %q, written %s", text, got, written)
		}
	})
}

// unescape decodes text as Excel does.
func unescape(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		if text[i] == '_' && isEscape(text[i:]) && strings.HasPrefix(text[i+6:], "_") {
			var r rune
			fmt.Sscanf(text[i+2:i+6], "%X", &r)
			b.WriteRune(r)
			i += 7
			continue
		}
		b.WriteByte(text[i])
		i++
	}
	return b.String()
}

// TestWriterUsesConstantMemory checks that writing a row makes at most two allocations.
func TestWriterUsesConstantMemory(t *testing.T) {
	w := NewWriter(io.Discard, "x", []Column{{"n", 5}, {"text", 5}})
	row := []any{int64(1), strings.Repeat("x", 200)}
	if n := testing.AllocsPerRun(10_000, func() { w.Row(row...) }); n > 2 {
		t.Errorf("%v allocations a row", n)
	}
}
