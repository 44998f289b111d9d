package spreadsheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// archive is a ZIP archive. At most maxUnzipped bytes and maxTokens XML tokens are read
// from it.
type archive struct {
	zip  *zip.Reader
	left int // the number of bytes that may still be read

	tokens int // the number of tokens read so far
}

func readArchive(file *File) (Table, error) {
	a, err := openArchive(file)
	if err != nil {
		return Table{}, err
	}
	return a.read()
}

func openArchive(file *File) (*archive, error) {
	z, err := zip.NewReader(file, int64(file.size))
	if err != nil {
		return nil, ErrDamaged
	}
	return &archive{zip: z, left: maxUnzipped}, nil
}

func (a *archive) read() (Table, error) {
	read := a.readXLSX
	switch {
	case a.has("xl/workbook.xml"):
	case a.has("content.xml"):
		read = a.readODS
	default:
		return Table{}, ErrForeign
	}
	t, err := read()
	var known Error
	switch {
	case errors.As(err, &known):
		return Table{}, err
	case err != nil:
		return Table{}, ErrDamaged
	}
	return t.finished()
}

func (a *archive) has(name string) bool {
	for _, f := range a.zip.File {
		if isPart(f, name) {
			return true
		}
	}
	return false
}

// isPart reports whether the file is the part with the given name. It ignores case and
// accepts backslashes, which some programs write.
func isPart(f *zip.File, name string) bool {
	return strings.EqualFold(strings.ReplaceAll(f.Name, `\`, "/"), name)
}

// parse passes the tokens of the named part to the callback until the callback returns
// false or an error. If there is no such part, parse does nothing. Only XML's five
// predefined entities are allowed, so nothing outside the file is read.
func (a *archive) parse(name string, each func(xml.Token) (more bool, err error)) error {
	for _, f := range a.zip.File {
		if !isPart(f, name) {
			continue
		}
		part, err := f.Open()
		if err != nil {
			return err
		}
		defer part.Close()
		return a.tokensOf(part, each) // if two parts have the same name, spreadsheet programs read the first
	}
	return nil
}

func (a *archive) tokensOf(part io.Reader, each func(xml.Token) (more bool, err error)) error {
	d := xml.NewDecoder(&limited{from: part, archive: a})
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if a.tokens++; a.tokens > maxTokens {
			return ErrLarge
		}
		if more, err := each(token); err != nil || !more {
			return err
		}
	}
}

// limited reads a part of an archive. It returns ErrLarge once the archive has exceeded
// its limit, and ErrCell after maxGap bytes without "<". A tag of that length could contain
// so many attributes that it would take up many times its size in memory.
type limited struct {
	from    io.Reader
	archive *archive
	gap     int // the number of bytes since the last "<"
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.from.Read(p)
	if l.archive.left -= n; l.archive.left < 0 {
		return 0, ErrLarge
	}
	rest := p[:n]
	for at := bytes.IndexByte(rest, '<'); at >= 0 && l.gap+at <= maxGap; at = bytes.IndexByte(rest, '<') {
		rest, l.gap = rest[at+1:], 0
	}
	if l.gap += len(rest); l.gap > maxGap {
		return 0, ErrCell
	}
	return n, err
}

// attribute returns the value of the attribute with the given name in any namespace, or
// "" if there is no such attribute.
func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
