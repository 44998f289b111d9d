package store

import (
	"bytes"
	"compress/flate"
	_ "embed"
	"fmt"
	"io"
	"sync"
)

// replyDictionary is a reply like Graph's. Most of each reply repeats it, so compressing
// with it makes a reply of 2,900 bytes about 350 bytes long, a quarter of what it would be
// without. It must not change: stored replies need it. Another dictionary needs another
// format.
//
//go:embed reply_dictionary.json
var replyDictionary []byte

// formatDeflate is the first byte of a packed reply. The rest is compressed with DEFLATE
// and replyDictionary.
const formatDeflate = 1

// maxReply is the maximum size of a reply in bytes, which is more than package graph
// reads. It bounds the memory that a damaged row can cost.
const maxReply = 8 << 20

// ReplyPacker compresses Graph's replies for the database. The zero value is ready for
// use, and is safe for concurrent use.
type ReplyPacker struct{ writers sync.Pool }

// Pack returns the reply as the column packed holds it.
func (p *ReplyPacker) Pack(raw []byte) ([]byte, error) {
	packed := bytes.NewBuffer([]byte{formatDeflate})
	w, ok := p.writers.Get().(*flate.Writer)
	if ok {
		w.Reset(packed)
	} else {
		var err error
		if w, err = flate.NewWriterDict(packed, flate.DefaultCompression, replyDictionary); err != nil {
			return nil, fmt.Errorf("pack a reply: %w", err)
		}
	}
	defer p.writers.Put(w)
	if _, err := w.Write(raw); err != nil {
		return nil, fmt.Errorf("pack a reply: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("pack a reply: %w", err)
	}
	return packed.Bytes(), nil
}

// unpackReply returns the reply that Pack packed.
func unpackReply(packed []byte) ([]byte, error) {
	if len(packed) == 0 || packed[0] != formatDeflate {
		return nil, fmt.Errorf("a packed reply of an unknown format: %.8x", packed)
	}
	r := flate.NewReaderDict(bytes.NewReader(packed[1:]), replyDictionary)
	defer r.Close()
	raw, err := io.ReadAll(io.LimitReader(r, maxReply))
	if err != nil {
		return nil, fmt.Errorf("unpack a reply: %w", err)
	}
	return raw, nil
}
