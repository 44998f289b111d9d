package spreadsheet

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
)

// csvReader reads the records of delimited text. It treats quotes in the middle of a cell
// as text. encoding/csv accepts such quotes only with LazyQuotes, which also lets a stray
// quote swallow the rows below it.
type csvReader struct {
	text      *bufio.Reader // its buffer is larger than minWindow
	ended     bool          // whether the buffer contains the rest of the text
	separator byte
	line      int // the number of the current line, as a text editor counts lines
	fields    int // the number of cells in the previous record

	cells []byte // the cells of the current record, without separators
	ends  []int  // for each cell, the offset of its end in cells
}

// minWindow exceeds the maximum size of a cell, so the window contains the end of every
// cell that is not too large.
const minWindow = maxCell + 4

// window returns the next bytes of the text: at least minWindow, or all that are left.
func (r *csvReader) window() (w []byte, err error) {
	if r.text.Buffered() < minWindow && !r.ended {
		if _, err := r.text.Peek(minWindow); errors.Is(err, io.EOF) {
			r.ended = true // each further Peek would move the rest of the text within the buffer
		} else if err != nil {
			return nil, err
		}
	}
	return r.text.Peek(r.text.Buffered())
}

// record returns the cells of the next record, or io.EOF if there are no more records. It
// omits empty cells beyond the last allowed column.
func (r *csvReader) record() ([]string, error) {
	r.cells, r.ends = r.cells[:0], r.ends[:0]
	fields, onLine := 0, 0 // the number of cells before the current one, in the record and in the current line
	for {
		w, err := r.window()
		if err != nil {
			return nil, err
		}
		if len(w) == 0 && fields == 0 {
			return nil, io.EOF
		}
		size, quoted, err := r.cellSize(w)
		if err != nil {
			return nil, err
		}
		cell := w[:size]
		breaks := bytes.Count(cell, []byte("\n"))
		if breaks > 0 && r.swallows(w, size, onLine) {
			return nil, r.wrong(ErrQuote, w)
		}
		if err := r.keep(cell, quoted); err != nil {
			return nil, err
		}
		fields, onLine, r.line = fields+1, onLine+1, r.line+breaks
		if breaks > 0 {
			onLine = 1
		}
		ended := size == len(w) || w[size] == '\n'
		if size < len(w) {
			if w[size] == '\n' {
				r.line++
			}
			size++
		}
		if _, err := r.text.Discard(size); err != nil {
			return nil, err
		}
		if ended {
			r.fields = fields
			return r.split(), nil
		}
	}
}

// cellSize returns the size of the cell at the beginning of the window, including its
// quotes. A cell that begins with a quote must also end with one, because programs differ
// in how they interpret any other use of quotes. In tab-separated text, however, an opening
// quote that is never closed is an ordinary character, because programs quote a copied cell
// only if it contains a tab or a line break.
func (r *csvReader) cellSize(w []byte) (size int, quoted bool, err error) {
	if len(w) > 0 && w[0] == '"' {
		size, quoted = r.quotedSize(w[:min(len(w), minWindow)])
		if !quoted && r.separator != '\t' {
			if size > maxCell && bytes.IndexByte(w[:maxCell], '\n') < 0 {
				return 0, false, r.wrong(ErrCell, w)
			}
			return 0, false, r.wrong(ErrQuote, w)
		}
	}
	if !quoted {
		size = r.plainSize(w)
	}
	if size > maxCell {
		return 0, false, r.wrong(ErrCell, w)
	}
	return size, quoted, nil
}

func (r *csvReader) plainSize(w []byte) int {
	for i, b := range w {
		if b == r.separator || b == '\n' {
			return i
		}
	}
	return len(w)
}

// quotedSize returns the size of a cell in quotes. ok is false if the closing quote is
// missing or is not at the end of the cell.
func (r *csvReader) quotedSize(w []byte) (size int, ok bool) {
	for at := 1; ; at++ {
		next := bytes.IndexByte(w[at:], '"')
		if next < 0 {
			return len(w), false
		}
		if at += next + 1; at == len(w) || w[at] != '"' { // two quotes stand for one
			at += len(w[at:]) - len(bytes.TrimLeft(w[at:], " "))
			return at, at == len(w) || w[at] == r.separator || w[at] == '\n'
		}
	}
}

// swallows reports whether a quoted cell with line breaks has probably swallowed rows
// because both of its quotes are stray. It assumes so if each line that the cell spans has
// at least three cells and as many as the previous row. onLine is the number of cells
// before this cell in its first line.
func (r *csvReader) swallows(w []byte, size, onLine int) bool {
	rest := w[size:]
	if end := bytes.IndexByte(rest, '\n'); end >= 0 {
		rest = rest[:end]
	}
	lines := bytes.Split(w[:size+len(rest)], []byte("\n"))
	for i, line := range lines {
		fields := 1 + bytes.Count(line, []byte{r.separator})
		if i == 0 {
			fields += onLine
		}
		if fields != r.fields || fields < 3 {
			return false
		}
	}
	return true
}

// keep appends a cell to the current record.
func (r *csvReader) keep(cell []byte, quoted bool) error {
	if quoted {
		cell = bytes.TrimRight(cell, " ")
		cell = bytes.ReplaceAll(cell[1:len(cell)-1], []byte(`""`), []byte(`"`))
	}
	cell = bytes.TrimRight(cell, "\x00")
	switch {
	case bytes.IndexByte(cell, 0) >= 0:
		return r.wrong(ErrNUL, cell)
	case len(r.ends) < MaxColumns:
		r.cells = append(r.cells, cell...)
		r.ends = append(r.ends, len(r.cells))
	case len(bytes.TrimSpace(cell)) > 0:
		return ErrColumns
	}
	return nil
}

// split returns the cells of the record as substrings of a single string.
func (r *csvReader) split() []string {
	text, begin := string(r.cells), 0
	cells := make([]string, len(r.ends))
	for i, end := range r.ends {
		cells[i], begin = text[begin:end], end
	}
	return cells
}

// wrong returns an error about the cell that begins in the current line.
func (r *csvReader) wrong(reason Error, cell []byte) error {
	text, _, _ := strings.Cut(string(cell[:min(len(cell), maxQuoted)]), "\n")
	text, _, _ = strings.Cut(text, string(r.separator))
	return &CellError{Reason: reason, Line: r.line, Text: strings.ToValidUTF8(text, "")}
}
