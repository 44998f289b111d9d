package spreadsheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// ReadText reads a CSV file, or cells that were copied from a spreadsheet. Tabs,
// semicolons or commas separate the cells.
func ReadText(text string) (Table, error) { return readText([]byte(text)) }

// readText makes no copy of the text, which may be several megabytes.
func readText(text []byte) (t Table, err error) {
	if len(text) > MaxSize {
		return t, ErrLarge
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if bytes.Count(text, []byte("\r")) != bytes.Count(text, []byte("\r\n")) { // encoding/csv does not end a line at a single CR
		text = bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	}
	separator, rest := separatorOf(text)
	skipped := bytes.Count(text[:len(text)-len(rest)], []byte("\n"))
	r := csv.NewReader(bytes.NewReader(rest))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = separator, -1, true, true
	within := 0 // the number of line breaks within the cells read so far
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return t.finished()
		}
		if err != nil {
			return t, ErrForeign
		}
		line, _ := r.FieldPos(0)
		number := line - within + skipped
		for i, cell := range cells {
			within += strings.Count(cell, "\n")
			if len(cell) > maxCell {
				return t, ErrLarge
			}
			cells[i] = strings.TrimRight(cell, "\x00")
		}
		if err := t.add(number, cells); err != nil {
			return t, err
		}
	}
}

// separatorOf returns the separator of the cells, and the text without a line such as
// "sep=;", which Excel recognizes. By default, the separator is the most frequent one
// outside quotes in the first line with content.
func separatorOf(text []byte) (separator rune, rest []byte) {
	first, after, _ := bytes.Cut(text, []byte("\n"))
	if line := strings.TrimSuffix(string(first), "\r"); len(line) == len("sep=;") && strings.HasPrefix(strings.ToLower(line), "sep=") && line[4] != '"' && line[4] < utf8.RuneSelf {
		return rune(line[4]), after
	}
	counts, quoted := make(map[byte]int), false
	for _, b := range bytes.TrimLeft(text, "\r\n ") {
		if b == '"' {
			quoted = !quoted
		}
		if b == '\n' && !quoted {
			break
		}
		if !quoted {
			counts[b]++
		}
	}
	separator = '\t'
	for _, b := range []byte(";,") {
		if counts[b] > counts[byte(separator)] {
			separator = rune(b)
		}
	}
	return separator, text
}

// decode decodes UTF-8, UTF-16, and Windows-1252, which older programs use. ok is false
// for anything else.
func decode(file []byte) (text []byte, ok bool) {
	for _, begin := range []string{"%PDF", "<html", "<!DOCTYPE", "<?xml", "<table"} {
		if len(file) >= len(begin) && strings.EqualFold(string(file[:len(begin)]), begin) {
			return nil, false
		}
	}
	var from encoding.Encoding
	switch even, odd := zeros(file); {
	case bytes.HasPrefix(file, []byte("\xff\xfe")), bytes.HasPrefix(file, []byte("\xfe\xff")):
		from = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case odd > 2*even:
		from = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case even > 2*odd:
		from = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case !utf8.Valid(file):
		from = charmap.Windows1252
	}
	if from != nil {
		decoded, err := from.NewDecoder().Bytes(file)
		return decoded, err == nil && !isBinary(decoded)
	}
	return file, !isBinary(file)
}

// zeros counts the zero bytes at even and at odd positions. In UTF-16, one of the two
// bytes of most letters is zero.
func zeros(file []byte) (even, odd int) {
	for i, b := range file[:min(len(file), 4096)] {
		switch {
		case b != 0:
		case i%2 == 0:
			even++
		default:
			odd++
		}
	}
	return even, odd
}

// isBinary reports whether the file contains too many control characters. A few are
// allowed, because the check of a row reports them.
func isBinary(text []byte) bool {
	controls := 0
	for _, b := range text {
		if b < ' ' && b != '\t' && b != '\n' && b != '\r' {
			controls++
		}
	}
	return controls > 1+len(text)/1000
}
