package store

import (
	"bytes"
	"compress/flate"
	_ "embed"
	"fmt"
	"io"
	"sync"
)

// replyDictionary is a typical reply from Graph. Other replies consist mostly of the same
// text. With this dictionary, a reply of 2,900 bytes is compressed to about 350 bytes, a
// quarter of its compressed size without a dictionary. The file must never change,
// because stored replies can be read only with it. Replies that use another dictionary
// would need another format byte.
//
//go:embed reply_dictionary.json
var replyDictionary []byte

// formatDeflate is the first byte of a packed reply. The rest is compressed with DEFLATE
// and replyDictionary.
const formatDeflate = 1

// maxReply is the maximum number of bytes that are unpacked. It is larger than any reply
// that package graph reads. It limits how much memory a damaged row can take up.
const maxReply = 8 << 20

// ReplyPacker compresses Graph's replies for the database. Its zero value is ready for
// use. Its methods are safe for concurrent use.
type ReplyPacker struct{ writers sync.Pool }

// Pack returns the reply in the form in which the column packed stores it.
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

// unpackReply returns the original of a packed reply. If the format is unknown or the
// data cannot be decompressed, it returns an error.
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
