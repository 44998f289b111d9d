package store

import (
	"bytes"
	"compress/flate"
	_ "embed"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"sync"

	"meetdesk/meeting"
	"meetdesk/store/compact"
)

// replyDictionary is a typical reply from Graph. Other replies consist mostly of the same
// text, so they are compressed with it as a dictionary. The file must never change,
// because stored replies can be read only with it.
//
//go:embed reply_dictionary.json
var replyDictionary []byte

// askedDictionary contains texts that are typical of attempts.asked. It must never
// change, for the same reason.
const askedDictionary = `{"subject":"","start":"0001-01-01T00:00:00Z","end":"0001-01-01T00:00:00Z","timeZone":"","attendees":null,"options":{"lobby":"everyone"}}` +
	`"presenters":"organization","announce":"on","record":"off"America/Sao_Paulo"America/New_YorkEurope/Warsaw"Europe/London"Europe/Lisbon"` +
	`:00:00Z","end":":15:00Z","end":":30:00Z","end":":45:00Z","end":"` +
	`","attendees":[{"upn":"","objectId":"` + "\x01\x00" + `","name":"","role":"presenter"},{"upn":"","objectId":"` + "\x01\x00" + `","name":""},{"upn":"","name":"","role":"coorganizer"},{"upn":"","name":""}]}` +
	`{"externalId":"INC00","subject":"","start":"2026-11-24T10:00:00Z","end":"2026-11-24T10:30:00Z","timeZone":"Europe/`

// The first byte of packed data says how it is packed.
const (
	formatDeflate = 1 // DEFLATE with replyDictionary
	formatReply   = 2 // the ID of a dictionary, identifiers, and the rest with DEFLATE
	formatAsked   = 3 // identifiers, and the rest with DEFLATE and askedDictionary
	formatAfter   = 4 // a checksum of what was asked for, and the rest as in formatReply, but without what was asked for
)

// maxReply is the maximum number of bytes that are unpacked. It is larger than any reply
// that package graph reads. It limits how much memory a damaged row can take up.
const maxReply = 8 << 20

// ReplyPacker compresses Graph's replies, and what people asked for, for the database. It
// takes out the identifiers, which are different in every text, and compresses the rest
// with a dictionary. Dictionary 0 is part of the program. The others were learned from
// the replies of the database's own tenants; see reply_dictionaries.go. The zero value is
// ready for use, without learned dictionaries. Its methods are safe for concurrent use.
type ReplyPacker struct {
	mu           sync.Mutex
	dictionaries map[int64]*dictionary
	used         []int64 // the IDs of dictionaries in the order in which to try them: the one that was preferred or added last comes first
	lesson       lesson
	asked        *dictionary
	fetch        func(id int64) error // adds the dictionary with the given ID if the database has it; nil if there is no database
}

// dictionary compresses texts that have much in common with its own text.
type dictionary struct {
	text    []byte
	writers sync.Pool
}

// deflate appends the compressed text to packed. The compressed text may refer to the
// text in before, which inflate then needs as well.
func (d *dictionary) deflate(packed, before, text []byte) ([]byte, error) {
	b := new(bytes.Buffer)
	w, ok := d.writers.Get().(*flate.Writer)
	if ok {
		w.Reset(b)
	} else {
		var err error
		if w, err = flate.NewWriterDict(b, flate.BestCompression, d.text); err != nil {
			return nil, err
		}
	}
	defer d.writers.Put(w)
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

// deflateEnd is the end of everything that package flate writes. It is not stored.
const deflateEnd = "\x00\x00\xff\xff"

func inflate(packed, dictionary []byte) ([]byte, error) {
	r := flate.NewReaderDict(io.MultiReader(bytes.NewReader(packed), strings.NewReader(deflateEnd)), dictionary)
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, maxReply))
}

// Pack returns the reply in the form in which the column packed stores it. Most replies
// repeat what the attempt asked for, so that is left out. asked is what the attempt asked
// for, in the JSON form that attempts.asked and attempts.asked_packed store. If asked is
// nil, the whole reply is stored.
func (p *ReplyPacker) Pack(raw, asked []byte) ([]byte, error) {
	start, known, before := []byte{formatReply}, compact.IDs{}, []byte(nil)
	if askedIDs, marked, ok := compact.TakeIDs(asked); ok && len(asked) > 0 {
		start = binary.BigEndian.AppendUint16([]byte{formatAfter}, checksum(asked))
		known, before = askedIDs, marked
	}
	ids, marked, ok := known.Take(raw)
	if !ok {
		packed, err := (&dictionary{text: replyDictionary}).deflate([]byte{formatDeflate}, nil, raw)
		if err != nil {
			return nil, fmt.Errorf("pack a reply: %w", err)
		}
		return packed, nil
	}
	var best []byte
	for _, id := range p.known() {
		packed := binary.AppendUvarint(bytes.Clone(start), uint64(id))
		packed, err := p.dictionary(id).deflate(append(packed, ids.Without(known).Encode()...), before, marked)
		if err != nil {
			return nil, fmt.Errorf("pack a reply: %w", err)
		}
		if best == nil || len(packed) < len(best) {
			best = packed
			p.prefer(id)
		}
		if len(best) <= smallReply {
			break
		}
	}
	return best, nil
}

// checksum returns a number that shows whether a text is the one with which a reply was
// packed.
func checksum(text []byte) uint16 { return uint16(crc32.ChecksumIEEE(text)) }

// Unpack returns the original of a packed reply. asked is what its attempt asked for. If
// that has changed, if the format or the dictionary is unknown, or if the data cannot be
// decompressed, Unpack returns an error.
func (p *ReplyPacker) Unpack(packed, asked []byte) (raw []byte, err error) {
	switch {
	case len(packed) > 0 && packed[0] == formatDeflate:
		raw, err = inflate(packed[1:], replyDictionary)
	case len(packed) > 0 && packed[0] == formatReply:
		raw, err = p.unpackReply(packed[1:], nil)
	case len(packed) > 2 && packed[0] == formatAfter:
		if binary.BigEndian.Uint16(packed[1:]) != checksum(asked) {
			return nil, errors.New("unpack a reply: what was asked for has changed")
		}
		raw, err = p.unpackReply(packed[3:], asked)
	default:
		return nil, fmt.Errorf("a packed reply of an unknown format: %.8x", packed)
	}
	if err != nil {
		return nil, fmt.Errorf("unpack a reply: %w", err)
	}
	return raw, nil
}

func (p *ReplyPacker) unpackReply(packed, asked []byte) ([]byte, error) {
	id, n := binary.Uvarint(packed)
	d := p.dictionary(int64(id))
	if d == nil && p.fetch != nil { // another desk may have added it
		if err := p.fetch(int64(id)); err != nil {
			return nil, err
		}
		d = p.dictionary(int64(id))
	}
	if n <= 0 || d == nil {
		return nil, fmt.Errorf("there is no dictionary %d", id)
	}
	known, before, ok := compact.TakeIDs(asked)
	if !ok {
		return nil, errors.New("what was asked for cannot have been left out")
	}
	ids, rest, err := compact.DecodeIDs(packed[n:])
	if err != nil {
		return nil, err
	}
	marked, err := inflate(rest, slices.Concat(d.text, before))
	if err != nil {
		return nil, err
	}
	return ids.With(known).PutBack(marked)
}

// PackAsked returns the JSON of what somebody asked for in the form in which
// attempts.asked_packed stores it. It returns nil if the text must be stored as it is.
func (p *ReplyPacker) PackAsked(text []byte) ([]byte, error) {
	ids, marked, ok := compact.TakeIDs(text)
	if !ok {
		return nil, nil
	}
	packed, err := p.askedDictionary().deflate(append([]byte{formatAsked}, ids.Encode()...), nil, marked)
	if err != nil {
		return nil, fmt.Errorf("pack what was asked for: %w", err)
	}
	return packed, nil
}

// packAsked returns the values of the columns asked and asked_packed.
func (p *ReplyPacker) packAsked(asked meeting.Asked) (text string, packed []byte, err error) {
	plain, err := json.Marshal(asked)
	if err != nil {
		return "", nil, err
	}
	if packed, err = p.PackAsked(plain); err != nil || packed == nil {
		return string(plain), nil, err
	}
	return "", packed, nil
}

// UnpackAsked undoes PackAsked.
func UnpackAsked(packed []byte) ([]byte, error) {
	if len(packed) == 0 || packed[0] != formatAsked {
		return nil, fmt.Errorf("what was asked for is packed in an unknown format: %.8x", packed)
	}
	ids, rest, err := compact.DecodeIDs(packed[1:])
	if err == nil {
		rest, err = inflate(rest, []byte(askedDictionary))
	}
	if err == nil {
		rest, err = ids.PutBack(rest)
	}
	if err != nil {
		return nil, fmt.Errorf("unpack what was asked for: %w", err)
	}
	return rest, nil
}

// askedText returns the JSON that the columns asked and asked_packed store.
func askedText(asked string, packed []byte) ([]byte, error) {
	if packed == nil {
		return []byte(asked), nil
	}
	return UnpackAsked(packed)
}
