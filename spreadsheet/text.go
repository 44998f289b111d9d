package spreadsheet

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// ReadText reads a CSV file, or cells that were copied from a spreadsheet. Tabs,
// semicolons or commas separate the cells.
func ReadText(text string) (Table, error) {
	if len(text) > MaxSize {
		return Table{}, ErrLarge
	}
	return readText(strings.NewReader(text))
}

// readText returns the table in the text. It keeps no copy of the text, which may be
// several megabytes.
func readText(from io.Reader) (t Table, err error) {
	text := bufio.NewReaderSize(&lineEnds{from: from}, 4*blockSize)
	beginning, err := text.Peek(blockSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return t, err
	}
	mark := len(beginning) - len(bytes.TrimPrefix(beginning, []byte("\ufeff")))
	separator, skipped, length := separatorOf(beginning[mark:])
	if _, err := text.Discard(mark + length); err != nil {
		return t, err
	}
	r := csvReader{text: text, separator: separator, line: 1 + skipped}
	for number := 1 + skipped; ; number++ {
		cells, err := r.record()
		if errors.Is(err, io.EOF) {
			return t.finished()
		}
		if err != nil {
			return t, err
		}
		if err := t.add(number, cells); err != nil {
			return t, err
		}
	}
}

// separatorOf returns the character that separates the cells. The first line may specify
// it, as in "sep=;", which Excel recognizes. In that case, length is the size of the
// first line in bytes, and lines is 1 if the line ends with a line break. Otherwise, the
// separator is a tab, semicolon or comma, whichever is the most frequent outside quotes
// in the first line with content.
func separatorOf(text []byte) (separator byte, lines, length int) {
	if line, _, ended := bytes.Cut(text, []byte("\n")); len(line) == len("sep=;") && strings.EqualFold(string(line[:4]), "sep=") && line[4] != '"' && line[4] != ' ' && line[4] < utf8.RuneSelf {
		if ended {
			lines = 1
		}
		return line[4], lines, len(line) + lines
	}
	counts, quoted := make(map[byte]int), false
	for _, b := range bytes.TrimLeft(text, "\n ") {
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
		if counts[b] > counts[separator] {
			separator = b
		}
	}
	return separator, 0, 0
}

// text returns a reader that decodes the file from UTF-8, UTF-16, or Windows-1252, which
// older programs use. ok is false if the file is of another kind, such as PDF or HTML.
func (f *File) text() (text io.Reader, ok bool) {
	for _, begin := range []string{"%PDF", "<html", "<!DOCTYPE", "<?xml", "<table"} {
		if head := f.head(); len(head) >= len(begin) && strings.EqualFold(string(head[:len(begin)]), begin) {
			return nil, false
		}
	}
	decode := func(r io.Reader) io.Reader { return r }
	if from := f.encoding(); from != nil {
		decode = func(r io.Reader) io.Reader { return transform.NewReader(r, from.NewDecoder()) }
	}
	var controls controlCounter
	size, err := io.Copy(&controls, decode(f.whole()))
	return decode(f), err == nil && controls.others <= 1+size/1000 && controls.nul <= 5+size/100
}

// encoding returns the encoding of the file, or nil for UTF-8.
func (f *File) encoding() encoding.Encoding {
	even, odd := zeros(f.head())
	most := min(len(f.head()), zerosSize) / 4 // half of the characters
	switch head := f.head(); {
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case odd > most && odd > 2*even:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case even > most && even > 2*odd:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	}
	if _, err := io.Copy(io.Discard, transform.NewReader(f.whole(), encoding.UTF8Validator)); err != nil {
		return charmap.Windows1252
	}
	return nil
}

// zerosSize is the number of bytes that zeros examines.
const zerosSize = 4096

// zeros counts the zero bytes at even and at odd positions. In UTF-16, one of the two
// bytes of a Latin letter is usually zero.
func zeros(file []byte) (even, odd int) {
	for i, b := range file[:min(len(file), zerosSize)] {
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

// controlCounter counts control characters. A file with many of them is not text. A few
// NULs are accepted here, so that the later error can name the cell that contains one.
type controlCounter struct{ nul, others int64 }

func (n *controlCounter) Write(text []byte) (int, error) {
	for _, b := range text {
		switch {
		case b == 0:
			n.nul++
		case b < ' ' && b != '\t' && b != '\n' && b != '\r':
			n.others++
		}
	}
	return len(text), nil
}
