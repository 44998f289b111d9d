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

// ReadText reads rows of text: a CSV file, or cells that somebody copied in a spreadsheet.
// It determines from the first line whether tabs, semicolons or commas separate the cells.
func ReadText(text string) (t Table, err error) {
	if len(text) > MaxSize {
		return t, ErrLarge
	}
	text = strings.ReplaceAll(strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n"), "\r", "\n")
	separator, rest := separatorOf(text)
	skipped := strings.Count(text[:len(text)-len(rest)], "\n")
	r := csv.NewReader(strings.NewReader(rest))
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

// separatorOf returns the separator that occurs most often in the first line with content,
// outside of quotes. Excel writes the separator in a separate line, such as "sep=;". rest
// is the text without that line.
func separatorOf(text string) (separator rune, rest string) {
	if line, after, _ := strings.Cut(text, "\n"); len(line) == len("sep=;") && strings.HasPrefix(strings.ToLower(line), "sep=") && line[4] != '"' && line[4] < utf8.RuneSelf {
		return rune(line[4]), after
	}
	counts, quoted := make(map[rune]int), false
	for _, r := range strings.TrimLeft(text, "\n ") {
		if r == '"' {
			quoted = !quoted
		}
		if r == '\n' && !quoted {
			break
		}
		if !quoted {
			counts[r]++
		}
	}
	separator = '\t'
	for _, r := range ";," {
		if counts[r] > counts[separator] {
			separator = r
		}
	}
	return separator, text
}

// decode returns the file as text. It recognizes UTF-8, UTF-16 and Windows-1252, which
// older programs use. ok is false if the file is not text in one of these encodings.
func decode(file []byte) (text string, ok bool) {
	for _, begin := range []string{"%PDF", "<html", "<!DOCTYPE", "<?xml", "<table"} {
		if len(file) >= len(begin) && strings.EqualFold(string(file[:len(begin)]), begin) {
			return "", false
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
	text = string(file)
	if from != nil {
		decoded, err := from.NewDecoder().Bytes(file)
		if err != nil {
			return "", false
		}
		text = string(decoded)
	}
	return text, !isBinary(text)
}

// zeros returns the number of zero bytes at even and at odd positions. In UTF-16, one of
// the two bytes of most letters is zero.
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

// isBinary reports whether the file has too many control characters to be text. A single
// one in a cell is a mistake that the row's check reports.
func isBinary(text string) bool {
	controls := 0
	for i := range len(text) {
		if b := text[i]; b < ' ' && b != '\t' && b != '\n' && b != '\r' {
			controls++
		}
	}
	return controls > 1+len(text)/1000
}
