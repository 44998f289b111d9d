// Package spreadsheet reads the first visible sheet of an uploaded file: an Excel workbook
// (.xlsx), an OpenDocument spreadsheet (.ods), or a delimited text file. It reads stored
// values and never calculates a formula.
//
// The file may be hostile. Excel and OpenDocument files are ZIP archives of XML.
// encoding/xml reads them as streams, so the limits below apply to unpacked data. The
// package does not use the excelize library, which unpacks whole parts of an archive
// before it returns the first row, and cannot read .ods files.
package spreadsheet

import (
	"bytes"
	"fmt"
	"strings"
)

// Limits on a file and its content.
const (
	MaxSize     = 5 << 20   // the maximum size of a file, in bytes
	MaxRows     = 2000      // the maximum number of rows below the column names; equal to Graph's limit on new meetings per person and month
	MaxColumns  = 200       // the maximum number of columns with content
	maxUnzipped = 10 << 20  // the maximum number of bytes that are unpacked
	maxTokens   = 1_000_000 // the maximum number of XML tags and pieces of text; a cell takes about five
	maxText     = 10 << 20  // the maximum size of all cells together, in bytes, with shared strings counted for each cell
	maxCell     = 64 << 10  // the maximum size of one cell, in bytes; Excel allows 32,767 characters
	maxGap      = 256 << 10
	maxEmpty    = 10_000 // the number of consecutive empty rows after which the table ends
)

// Table is the first visible sheet of a file.
type Table struct {
	Rows     []Row // only rows with content
	Date1904 bool  // whether date serial numbers count from 1904, as in old files from a Mac

	size int // bytes in all cells
}

// Row is a row of a table.
type Row struct {
	Number int // the row's number in a spreadsheet program, from 1
	Cells  []string
}

// Error is the reason why a file cannot be read. Its value is the last part of a message
// key.
type Error string

// The reasons why Read may fail.
const (
	ErrEmpty   Error = "empty"   // no cell has content
	ErrLarge   Error = "large"   // the file is larger than MaxSize or exceeds a limit when unpacked
	ErrRows    Error = "rows"    // more than MaxRows
	ErrColumns Error = "columns" // more than MaxColumns
	ErrOld     Error = "old"     // a workbook from Excel 2003 or older, or a password-protected one
	ErrForeign Error = "foreign" // not a table
	ErrDamaged Error = "damaged" // a ZIP archive or XML that cannot be read
	ErrResults Error = "results" // formulas without results, as written by programs that do not calculate
	ErrCell    Error = "cell"    // a cell is larger than maxCell, or XML has no "<" in maxGap bytes
	ErrQuote   Error = "quote"   // a cell of a text file begins with a quote but does not end with one
	ErrNUL     Error = "nul"     // a cell of a text file contains a NUL character
)

func (e Error) Error() string { return "spreadsheet: " + string(e) }

// CellError records an Error and the cell that caused it.
type CellError struct {
	Reason Error
	Line   int    // the number of the row or, in a text file, of the line in which the cell begins
	Text   string // the beginning of the cell
}

// maxQuoted is the maximum size of CellError.Text, in bytes.
const maxQuoted = 400

func tooLong(row int, text string) error {
	return &CellError{Reason: ErrCell, Line: row, Text: strings.ToValidUTF8(text[:maxQuoted], "")}
}

func (e *CellError) Error() string { return fmt.Sprintf("%v in line %d: %q", e.Reason, e.Line, e.Text) }

// Unwrap returns the reason.
func (e *CellError) Unwrap() error { return e.Reason }

// Read returns the table in the file. It recognizes the format by the content, not the
// name. The file cannot be used afterwards.
func Read(f *File) (Table, error) {
	switch {
	case f.size > MaxSize:
		return Table{}, ErrLarge
	case bytes.HasPrefix(f.head(), []byte("PK\x03\x04")):
		return readArchive(f)
	case bytes.HasPrefix(f.head(), []byte("\xd0\xcf\x11\xe0")):
		return Table{}, ErrOld
	}
	text, ok := f.text()
	if !ok {
		return Table{}, ErrForeign
	}
	return readText(text)
}

// ReadBytes is like Read, but reads the file from a slice.
func ReadBytes(file []byte) (Table, error) {
	f := new(File)
	_, _ = f.ReadFrom(bytes.NewReader(file)) // a bytes.Reader returns no error
	return Read(f)
}

// add appends a row with the cells, unless all of them are empty.
func (t *Table) add(number int, cells []string) error {
	end := len(cells)
	for end > 0 && strings.TrimSpace(cells[end-1]) == "" {
		end--
	}
	switch {
	case end == 0:
		return nil
	case end > MaxColumns:
		return ErrColumns
	case len(t.Rows) > MaxRows: // the row of column names is not counted
		return ErrRows
	}
	for _, cell := range cells[:end] {
		t.size += len(cell)
	}
	if t.size > maxText {
		return ErrLarge
	}
	t.Rows = append(t.Rows, Row{Number: number, Cells: append([]string(nil), cells[:end]...)})
	return nil
}

func (t Table) finished() (Table, error) {
	if len(t.Rows) == 0 {
		return Table{}, ErrEmpty
	}
	return t, nil
}
