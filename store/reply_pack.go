package store

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"regexp"
	"slices"
	"sync"

	"github.com/google/uuid"

	"meetdesk/meeting"
	"meetdesk/store/compact"
)

// replyDictionary is a typical reply from Graph, used as the dictionary for compressing
// other replies. It must never change, because stored replies can be read only with it.
//
//go:embed reply_dictionary.json
var replyDictionary []byte

// askedDictionary contains text that is typical of attempts.asked. It must never change,
// because stored requests can be read only with it.
const askedDictionary = `{"subject":"","start":"0001-01-01T00:00:00Z","end":"0001-01-01T00:00:00Z","timeZone":"","attendees":null,"options":{"lobby":"everyone"}}` +
	`"presenters":"organization","announce":"on","record":"off"America/Sao_Paulo"America/New_YorkEurope/Warsaw"Europe/London"Europe/Lisbon"` +
	`:00:00Z","end":":15:00Z","end":":30:00Z","end":":45:00Z","end":"` +
	`","attendees":[{"upn":"","objectId":"` + "\x01\x00" + `","name":"","role":"presenter"},{"upn":"","objectId":"` + "\x01\x00" + `","name":""},{"upn":"","name":"","role":"coorganizer"},{"upn":"","name":""}]}` +
	`{"externalId":"INC00","subject":"","start":"2026-11-24T10:00:00Z","end":"2026-11-24T10:30:00Z","timeZone":"Europe/`

// The first byte of packed data identifies its format. The comments describe the remaining
// bytes.
const (
	formatDeflate = 1 // DEFLATE with replyDictionary
	formatAsked   = 3 // identifiers, then DEFLATE with askedDictionary
	formatReply   = 5 // the ID of a dictionary, identifiers, then DEFLATE without the long parts that the dictionary contains
	formatAfter   = 6 // a checksum of the request, then like formatReply, but without the text that the reply repeats from the request

	// Older versions wrote these two formats. They include long parts in full, and they
	// number the identifiers in the request before those in the reply.
	formatOldReply = 2
	formatOldAfter = 4
)

// maxReply is the maximum size of an unpacked reply in bytes. It is larger than any reply
// that package graph reads, and limits the memory that a damaged row can use.
const maxReply = 8 << 20

// ReplyPacker compresses Graph's replies and the requests of attempts. It extracts the
// identifiers and compresses the remaining text with a dictionary. Dictionary 0 is built
// in; the others are derived from replies (see reply_dictionaries.go). The zero value is
// ready for use. All methods are safe for concurrent use.
type ReplyPacker struct {
	mu           sync.Mutex
	dictionaries map[int64]*dictionary
	used         []int64 // the IDs of the dictionaries in the order in which to try them
	lesson       lesson
	asked        *dictionary
	fetch        func(id int64) error // adds a dictionary from the database, if it exists; nil without a database
}

// Pack compresses the reply for storage in the packed column. The asked argument is the
// JSON of the attempt's request. Pack omits any text that the reply repeats from the
// request, unless asked is nil or the identifiers cannot be extracted.
func (p *ReplyPacker) Pack(raw, asked []byte) ([]byte, error) {
	start, m, ok := markReply(raw, asked)
	if !ok {
		packed, err := newDictionary(replyDictionary).deflate([]byte{formatDeflate}, nil, raw)
		if err != nil {
			return nil, fmt.Errorf("pack a reply: %w", err)
		}
		return packed, nil
	}
	var best []byte
	for _, id := range p.known() {
		packed, err := m.pack(binary.AppendUvarint(bytes.Clone(start), uint64(id)), p.dictionary(id))
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

type markedReply struct {
	ids    compact.IDs // the reply's identifiers, except those that also occur in the request
	before []byte      // the request without its identifiers
	text   []byte
}

// markReply extracts a reply's identifiers, except the tenant ID, which is part of the
// dictionaries. The first result is the beginning of the packed reply. ok is false if the
// identifiers cannot be extracted.
func markReply(raw, asked []byte) (start []byte, m markedReply, ok bool) {
	start, known := []byte{formatReply}, compact.IDs{}
	if ids, _, ok := compact.TakeIDs(asked); ok && len(asked) > 0 {
		start, known = binary.BigEndian.AppendUint16([]byte{formatAfter}, checksum(asked)), ids
		_, m.before, _ = known.Take(asked, nil)
	}
	m.ids, m.text, ok = known.Take(raw, tenantsIn(raw))
	return start, m, ok
}

func (m markedReply) pack(packed []byte, d *dictionary) ([]byte, error) {
	return d.deflate(append(packed, m.ids.Encode()...), m.before, d.omit(m.text))
}

var tenant = regexp.MustCompile(`"tenantId":"([0-9a-f-]{36})"`)

func tenantsIn(raw []byte) (ids [][16]byte) {
	if found := tenant.FindSubmatch(raw); found != nil {
		if id, err := uuid.ParseBytes(found[1]); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// checksum returns the checksum of a request. A packed reply contains it so that Unpack can
// detect whether the request has changed.
func checksum(text []byte) uint16 { return uint16(crc32.ChecksumIEEE(text)) }

// Unpack returns the original reply from its packed form. The asked argument is the JSON of
// the attempt's request. An error means that the request has changed, or that the format,
// the dictionary or the data cannot be read.
func (p *ReplyPacker) Unpack(packed, asked []byte) (raw []byte, err error) {
	var format byte
	if len(packed) > 0 {
		format, packed = packed[0], packed[1:]
	}
	switch format {
	case formatDeflate:
		raw, err = inflate(packed, replyDictionary)
	case formatReply, formatOldReply:
		raw, err = p.unpackReply(packed, nil, format == formatOldReply)
	case formatAfter, formatOldAfter:
		if len(packed) < 2 || binary.BigEndian.Uint16(packed) != checksum(asked) {
			return nil, errors.New("unpack a reply: what was asked for has changed")
		}
		raw, err = p.unpackReply(packed[2:], asked, format == formatOldAfter)
	default:
		return nil, fmt.Errorf("a packed reply of an unknown format: %d %.8x", format, packed)
	}
	if err != nil {
		return nil, fmt.Errorf("unpack a reply: %w", err)
	}
	return raw, nil
}

func (p *ReplyPacker) unpackReply(packed, asked []byte, old bool) ([]byte, error) {
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
	if !old {
		_, before, _ = known.Take(asked, nil)
	}
	ids, rest, err := compact.DecodeIDs(packed[n:])
	if err != nil {
		return nil, err
	}
	marked, err := inflate(rest, slices.Concat(d.text, before))
	if err != nil {
		return nil, err
	}
	if old {
		return ids.With(known).PutBack(marked)
	}
	if marked, err = d.putBack(marked); err != nil {
		return nil, err
	}
	return ids.PutBackAfter(known, marked)
}

// PackAsked compresses the JSON for the attempts.asked_packed column. It returns nil if the
// JSON must be stored uncompressed.
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

// UnpackAsked reverses PackAsked.
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

func askedText(asked string, packed []byte) ([]byte, error) {
	if packed == nil {
		return []byte(asked), nil
	}
	return UnpackAsked(packed)
}
