// Package xlsx writes a table as an Excel workbook (ISO/IEC 29500, "Office Open XML"). It
// writes row by row, so that large tables need no more memory than small ones.
//
// It does not use the excelize library, which stores the sheet in temporary files and begins
// to send the workbook only after the last row.
package xlsx

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"fmt"
	"io"
	"strconv"
	"time"
)

// maxRows is Excel's limit on the number of rows in a sheet. Longer tables continue on
// another sheet.
const maxRows = 1 << 20

// Column is a column of the table.
type Column struct {
	Name  string
	Width int // in characters
}

// Writer writes a workbook. The file is invalid until Close succeeds.
type Writer struct {
	name    string
	columns []Column
	maxRows int

	zip    *zip.Writer
	sheet  *bufio.Writer // the current sheet; nil before the first row
	sheets int
	row    int
	buf    []byte
}

// NewWriter returns a Writer for a table. name is the name of the first sheet. Excel allows
// at most 31 characters in a sheet's name, and does not allow []:*?/\.
func NewWriter(w io.Writer, name string, columns []Column) *Writer {
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	return &Writer{name: name, columns: columns, maxRows: maxRows, zip: z}
}

// Row writes a row of strings, int64s and times. A string stays text even if it looks like
// a number. A time is written as local time in its location, or as text if Excel cannot
// represent the date. The zero time and "" leave the cell empty.
func (w *Writer) Row(cells ...any) error {
	if w.sheet == nil || w.row == w.maxRows {
		if err := w.nextSheet(); err != nil {
			return err
		}
	}
	return w.write(plain, cells...)
}

// Close finishes the workbook.
func (w *Writer) Close() error {
	if w.sheet == nil {
		if err := w.nextSheet(); err != nil {
			return err
		}
	}
	if err := w.endSheet(); err != nil {
		return err
	}
	for _, part := range w.parts() {
		if err := w.part(part.name, part.text); err != nil {
			return err
		}
	}
	return w.zip.Close()
}

func (w *Writer) nextSheet() error {
	if err := w.endSheet(); err != nil {
		return err
	}
	w.sheets, w.row = w.sheets+1, 0
	file, err := w.zip.Create("xl/" + sheetPath(w.sheets))
	if err != nil {
		return fmt.Errorf("sheet %d: %w", w.sheets, err)
	}
	w.sheet = bufio.NewWriterSize(file, 32<<10)
	w.sheet.WriteString(sheetBegin) // Flush returns the first error from any earlier write
	for i, c := range w.columns {
		fmt.Fprintf(w.sheet, `<col min="%d" max="%d" width="%d" style="%d" customWidth="1"/>`, i+1, i+1, c.Width, plain)
	}
	w.sheet.WriteString(`</cols><sheetData>`)
	names := make([]any, len(w.columns))
	for i, c := range w.columns {
		names[i] = c.Name
	}
	return w.write(heading, names...)
}

func (w *Writer) endSheet() error {
	if w.sheet == nil {
		return nil
	}
	fmt.Fprintf(w.sheet, sheetEnd, ColumnName(len(w.columns)-1), w.maxRows)
	return w.sheet.Flush()
}

func (w *Writer) write(style int, cells ...any) error {
	w.row++
	b := append(w.buf[:0], `<row r="`...)
	b = append(strconv.AppendInt(b, int64(w.row), 10), `">`...)
	for i, cell := range cells {
		b = w.appendCell(b, i, style, cell)
	}
	w.buf = append(b, `</row>`...)
	_, err := w.sheet.Write(w.buf)
	return err
}

func (w *Writer) appendCell(b []byte, column, style int, cell any) []byte {
	begin := func(style int) []byte {
		b = append(append(b, `<c r="`...), ColumnName(column)...)
		b = append(strconv.AppendInt(b, int64(w.row), 10), `" s="`...)
		return append(strconv.AppendInt(b, int64(style), 10), '"')
	}
	switch v := cell.(type) {
	case int64:
		b = append(begin(number), `><v>`...)
		return append(strconv.AppendInt(b, v, 10), `</v></c>`...)
	case time.Time:
		if v.IsZero() {
			return b
		}
		if days, ok := serial(v); ok {
			b = append(begin(date), `><v>`...)
			return append(strconv.AppendFloat(b, days, 'f', -1, 64), `</v></c>`...)
		}
		return w.appendCell(b, column, style, v.Format(time.RFC3339))
	case string:
		if v == "" {
			return b
		}
		b = append(begin(style), ` t="inlineStr"><is><t xml:space="preserve">`...)
		return append(appendText(b, v), `</t></is></c>`...)
	}
	panic(fmt.Sprintf("xlsx: a cell of %T", cell))
}

// serial returns the time as Excel's serial number. ok is false for dates before March
// 1900, because Excel counts 29 February 1900, which did not exist. It is also false for
// dates after 9999.
func serial(t time.Time) (days float64, ok bool) {
	y, month, day := t.Date()
	hour, minute, second := t.Clock()
	clock := time.Date(y, month, day, hour, minute, second, 0, time.UTC)
	begin := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	days = float64(clock.Unix()-begin.Unix()) / (24 * 60 * 60)
	return days, days >= 61 && y <= 9999
}

// ColumnName returns the name of column i, counted from 0: A to Z, AA, AB and so on.
func ColumnName(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return ColumnName(i/26-1) + string(rune('A'+i%26))
}
