package spreadsheet

import (
	"bytes"
	"errors"
	"io"
)

// blockSize is the block size of a File, in bytes.
const blockSize = 64 << 10

// File is a file in memory. Read releases each block after returning it, so that a large
// file and its table are not in memory at the same time.
type File struct {
	blocks [][]byte // all but the last have blockSize bytes
	size   int
	read   int // the number of bytes that Read has returned from the first block
}

// ReadFrom appends all data from the reader to the file.
func (f *File) ReadFrom(r io.Reader) (n int64, err error) {
	for {
		if len(f.blocks) == 0 || len(f.last()) == blockSize {
			f.blocks = append(f.blocks, make([]byte, 0, blockSize))
		}
		last := f.last()
		got, err := io.ReadFull(r, last[len(last):blockSize])
		f.blocks[len(f.blocks)-1] = last[:len(last)+got]
		f.size, n = f.size+got, n+int64(got)
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return n, nil
		case err != nil:
			return n, err
		}
	}
}

func (f *File) last() []byte { return f.blocks[len(f.blocks)-1] }

// Size returns the number of bytes in the file.
func (f *File) Size() int { return f.size }

// head returns the beginning of the file, at most blockSize bytes.
func (f *File) head() []byte {
	if len(f.blocks) == 0 {
		return nil
	}
	return f.blocks[0]
}

// ReadAt returns data without releasing it. It checks for negative offsets, which a damaged
// archive may contain.
func (f *File) ReadAt(p []byte, offset int64) (n int, err error) {
	if offset < 0 {
		return 0, errors.New("negative offset")
	}
	for ; n < len(p) && offset+int64(n) < int64(f.size); n += copy(p[n:], f.blocks[(offset+int64(n))/blockSize][(offset+int64(n))%blockSize:]) {
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// whole returns a reader for the whole file. The reader releases no blocks.
func (f *File) whole() io.Reader { return io.NewSectionReader(f, 0, int64(f.size)) }

// Read returns the next bytes and releases the blocks before them. Once Read has been
// called, the other methods must not be used.
func (f *File) Read(p []byte) (n int, err error) {
	for len(f.blocks) > 0 && f.read == len(f.blocks[0]) {
		f.blocks[0] = nil
		f.blocks, f.read = f.blocks[1:], 0
	}
	if len(f.blocks) == 0 {
		return 0, io.EOF
	}
	n = copy(p, f.blocks[0][f.read:])
	f.read += n
	return n, nil
}

// lineEnds reads text and replaces CR LF and CR with LF, the only line ending that
// csvReader recognizes.
type lineEnds struct {
	from io.Reader
	cr   bool // whether the last byte was a CR
}

func (l *lineEnds) Read(p []byte) (int, error) {
	n, err := l.from.Read(p)
	if !l.cr && bytes.IndexByte(p[:n], '\r') < 0 {
		return n, err
	}
	text := p[:0]
	for _, b := range p[:n] {
		switch {
		case b == '\r':
			text = append(text, '\n')
		case b != '\n' || !l.cr:
			text = append(text, b)
		}
		l.cr = b == '\r'
	}
	return len(text), err
}
