package store

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"sync"
)

// dictionary compresses texts that resemble its own text.
type dictionary struct {
	text   []byte
	writer chan *flate.Writer            // at most one idle writer, which takes up 800 KB
	parts  func() map[[longPart]byte]int // maps each part of longPart bytes to its position in text
}

func newDictionary(text []byte) *dictionary {
	return &dictionary{text: text, writer: make(chan *flate.Writer, 1), parts: sync.OnceValue(func() map[[longPart]byte]int {
		at := make(map[[longPart]byte]int, len(text))
		for i := len(text) - longPart; i >= 0; i-- {
			at[[longPart]byte(text[i:])] = i
		}
		return at
	})}
}

// longPart is the minimum length, in bytes, of a part that the omit method replaces.
// DEFLATE would need about three bytes for every 258 bytes of such a part.
const longPart = 64

// omit returns the text without the long parts that the dictionary contains. The result
// begins with the number of omitted parts. Three numbers follow for each part: its distance
// from the end of the previous part, its position in the dictionary, and its length. The
// remaining text comes last.
func (d *dictionary) omit(text []byte) []byte {
	var (
		parts, rest []byte
		count, end  int // end is where the previous part ends in the text
	)
	for i := 0; i+longPart <= len(text); {
		from, ok := d.parts()[[longPart]byte(text[i:])]
		if !ok {
			i++
			continue
		}
		length := longPart
		for i+length < len(text) && from+length < len(d.text) && text[i+length] == d.text[from+length] {
			length++
		}
		for _, n := range []int{i - end, from, length} {
			parts = binary.AppendUvarint(parts, uint64(n))
		}
		rest = append(rest, text[end:i]...)
		i += length
		count, end = count+1, i
	}
	rest = append(rest, text[end:]...)
	return append(append(binary.AppendUvarint(nil, uint64(count)), parts...), rest...)
}

// putBack reverses omit. It returns an error if the data does not match the dictionary, or
// if a part would begin beyond maxReply bytes.
func (d *dictionary) putBack(omitted []byte) (text []byte, err error) {
	r := bytes.NewReader(omitted)
	next := func(limit int) int {
		n, failed := binary.ReadUvarint(r)
		if failed != nil || n > uint64(limit) {
			err = errParts
			return 0
		}
		return int(n)
	}
	type part struct{ between, from, length int }
	var parts []part
	for range next(len(omitted)) {
		p := part{next(len(omitted)), next(len(d.text)), 0}
		p.length = next(len(d.text) - p.from)
		if err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
	rest := omitted[len(omitted)-r.Len():]
	for _, p := range parts {
		if p.between > len(rest) || len(text) > maxReply {
			return nil, errParts
		}
		text = append(append(text, rest[:p.between]...), d.text[p.from:p.from+p.length]...)
		rest = rest[p.between:]
	}
	return append(text, rest...), err
}

var errParts = errors.New("the parts do not fit the dictionary")

// deflate compresses the text and appends the result to the packed data. The result may
// refer to the before argument, so inflate needs that text as well.
func (d *dictionary) deflate(packed, before, text []byte) ([]byte, error) {
	b := new(bytes.Buffer)
	w, err := d.newWriter(b)
	if err != nil {
		return nil, err
	}
	defer func() {
		select {
		case d.writer <- w:
		default:
		}
	}()
	if len(before) > 0 {
		if _, err := w.Write(before); err != nil {
			return nil, err
		}
		if err := w.Flush(); err != nil {
			return nil, err
		}
		b.Reset()
	}
	if _, err := w.Write(text); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return append(packed, bytes.TrimSuffix(b.Bytes(), []byte(deflateEnd))...), nil
}

func (d *dictionary) newWriter(to io.Writer) (*flate.Writer, error) {
	select {
	case w := <-d.writer:
		w.Reset(to)
		return w, nil
	default:
		return flate.NewWriterDict(to, flate.BestCompression, d.text)
	}
}

// deflateEnd is what package flate writes at the end of all compressed data. It is not
// stored.
const deflateEnd = "\x00\x00\xff\xff"

// inflaters is a pool of flate readers, because a new one allocates 40 KB.
var inflaters = sync.Pool{New: func() any { return flate.NewReader(nil) }}

func inflate(packed, dictionary []byte) ([]byte, error) {
	r, _ := inflaters.Get().(io.Reader)
	defer inflaters.Put(r)
	from := io.MultiReader(bytes.NewReader(packed), strings.NewReader(deflateEnd))
	if err := r.(flate.Resetter).Reset(from, dictionary); err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, maxReply))
}
