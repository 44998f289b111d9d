// Package compact shortens values for storage, mainly those that Graph returns. It encodes
// identifiers in binary form and omits the parts of links that the meeting's row already
// contains.
package compact

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
)

// Each of these marks replaces one kind of identifier in the text. It is followed by the
// identifier's number, which is one byte.
const (
	markGUID    = 1 + iota // a GUID
	markThread             // a GUID in Base64, as in the ID of a meeting's thread
	markMeeting            // the Graph ID of a meeting, followed by the numbers of the organizer's and thread's GUIDs
	markNumber             // a number of minNumber to maxNumber digits
)

const (
	maxIDs     = 250 // the maximum number of identifiers of each kind in the text, including those from earlier text (see Take)
	lastNumber = 255 // the highest number that an identifier can have, because the number is stored in one byte
	minNumber  = 9   // the minimum number of digits; shorter numbers would not save space
	maxNumber  = 18  // the maximum number of digits; numbers of this length always fit into a uint64
	guidLength = 36

	maxText = 8 << 20 // in bytes; limits the memory used for damaged text

	threadLength  = guidLength / 3 * 4
	meetingLength = (2 + guidLength + 4 + 11 + threadLength + 10) / 3 * 4
)

// IDs contains the identifiers that were taken from text. Random digits cannot be
// compressed, so each identifier is stored once, in binary form.
type IDs struct {
	guids   [][16]byte
	numbers []uint64
}

// TakeIDs returns the text with marks in place of its identifiers. ok is false if the
// text contains a byte that looks like a mark.
func TakeIDs(text []byte) (ids IDs, marked []byte, ok bool) { return IDs{}.Take(text, nil) }

// Take is like TakeIDs, but marks can also refer to the receiver's identifiers, which
// were taken from earlier text. Only new identifiers are returned. GUIDs in the kept list
// are not replaced. Earlier identifiers are numbered down from 255, so the marks for new
// identifiers do not depend on them.
func (ids IDs) Take(text []byte, kept [][16]byte) (own IDs, marked []byte, ok bool) {
	t := taker{earlier: ids, kept: kept}
	marked = make([]byte, 0, len(text))
	plain := 0        // the start of the text that has not been copied yet
	inNumber := false // whether the byte before i is a digit of a number that was not replaced
	for i := 0; i < len(text); {
		c := text[i]
		if isMark(c) {
			return IDs{}, nil, false
		}
		if c == '%' && i+2 < len(text) && !isMark(text[i+1]) && !isMark(text[i+2]) {
			i, inNumber = i+3, false // the two digits after "%" belong to an escaped character
			continue
		}
		mark, length := t.take(text[i:], inNumber)
		if length == 0 {
			i, inNumber = i+1, isDigit(c)
			continue
		}
		marked = append(append(marked, text[plain:i]...), mark...)
		i += length
		plain, inNumber = i, false
	}
	return t.own, append(marked, text[plain:]...), true
}

type taker struct {
	own, earlier IDs
	kept         [][16]byte
}

// take returns the replacement for the identifier at the start of the text, and the
// identifier's length. The length is 0 if there is no identifier.
func (t *taker) take(text []byte, inNumber bool) (mark []byte, length int) {
	if len(text) >= guidLength && text[8] == '-' && text[13] == '-' {
		if guid, ok := readGUID(text); ok {
			if slices.Contains(t.kept, guid) {
				return text[:guidLength], guidLength
			}
			if n, ok := t.guid(guid); ok {
				return []byte{markGUID, n}, guidLength
			}
		}
	}
	if len(text) >= threadLength && text[11] == 't' && text[24] == 'L' {
		if guid, ok := readThread(text); ok {
			if n, ok := t.guid(guid); ok {
				return []byte{markThread, n}, threadLength
			}
		}
	}
	if len(text) >= meetingLength && text[0] == 'M' && text[1] == 'S' {
		if organizer, thread, ok := readMeeting(text); ok {
			n, fits := t.guid(organizer)
			m, fit := t.guid(thread)
			if fits && fit {
				return []byte{markMeeting, n, m}, meetingLength
			}
		}
	}
	if inNumber || text[0] < '1' || text[0] > '9' {
		return nil, 0
	}
	if digits := digitsAt(text); digits >= minNumber && digits <= maxNumber {
		number, _ := strconv.ParseUint(string(text[:digits]), 10, 64) // cannot fail with maxNumber digits or fewer
		if n, ok := numberOf(number, &t.own.numbers, t.earlier.numbers); ok {
			return []byte{markNumber, n}, digits
		}
	}
	return nil, 0
}

func (t *taker) guid(guid [16]byte) (n byte, ok bool) {
	return numberOf(guid, &t.own.guids, t.earlier.guids)
}

// numberOf returns the number by which marks refer to the identifier. It appends a new
// identifier to *own. If the identifier is new and there are already maxIDs identifiers,
// ok is false.
func numberOf[T comparable](id T, own *[]T, earlier []T) (n byte, ok bool) {
	if i := slices.Index(earlier, id); i >= 0 {
		return byte(lastNumber - i), true
	}
	i := slices.Index(*own, id)
	if i < 0 && len(*own)+len(earlier) < maxIDs {
		i = len(*own)
		*own = append(*own, id)
	}
	return byte(i), i >= 0
}

// withNumber undoes numberOf: it returns the identifier with the number n.
func withNumber[T any](n byte, own, earlier []T) (id T, ok bool) {
	switch i := lastNumber - int(n); {
	case int(n) < len(own):
		return own[n], true
	case i < len(earlier):
		return earlier[i], true
	default:
		return id, false
	}
}

// PutBack undoes TakeIDs.
func (ids IDs) PutBack(marked []byte) (text []byte, err error) {
	return ids.PutBackAfter(IDs{}, marked)
}

// PutBackAfter undoes Take.
func (ids IDs) PutBackAfter(earlier IDs, marked []byte) (text []byte, err error) {
	text = make([]byte, 0, 2*len(marked))
	for i := 0; i < len(marked); i++ {
		mark, more := marked[i], 1
		if !isMark(mark) {
			text = append(text, mark)
			continue
		}
		if mark == markMeeting {
			more = 2
		}
		if len(marked)-i <= more || len(text) > maxText {
			return nil, errIDs
		}
		n, m := marked[i+1], marked[i+more]
		if mark == markNumber {
			number, ok := withNumber(n, ids.numbers, earlier.numbers)
			if !ok {
				return nil, errIDs
			}
			text = strconv.AppendUint(text, number, 10)
		} else {
			first, has := withNumber(n, ids.guids, earlier.guids)
			second, ok := withNumber(m, ids.guids, earlier.guids)
			if !has || !ok {
				return nil, errIDs
			}
			text = appendID(text, mark, first, second)
		}
		i += more
	}
	if len(text) > maxText {
		return nil, errIDs
	}
	return text, nil
}

var errIDs = errors.New("the identifiers do not fit the text")

func appendID(text []byte, mark byte, first, second [16]byte) []byte {
	switch mark {
	case markGUID:
		return appendGUID(text, first)
	case markThread:
		return appendThread(text, first)
	}
	meeting := append(appendGUID([]byte("1*"), first), "*0**19:meeting_"...)
	meeting = append(appendThread(meeting, second), "@thread.v2"...)
	return base64.StdEncoding.AppendEncode(text, meeting)
}

func appendThread(text []byte, guid [16]byte) []byte {
	return base64.StdEncoding.AppendEncode(text, appendGUID(nil, guid))
}

func appendGUID(text []byte, guid [16]byte) []byte {
	for i, part := range [][]byte{guid[:4], guid[4:6], guid[6:8], guid[8:10], guid[10:]} {
		if i > 0 {
			text = append(text, '-')
		}
		text = hex.AppendEncode(text, part)
	}
	return text
}

// readGUID returns the GUID at the start of the text. It accepts only lower-case letters.
func readGUID(text []byte) (guid [16]byte, ok bool) {
	if len(text) < guidLength || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-' {
		return guid, false
	}
	digits := make([]byte, 0, guidLength)
	for _, part := range [][]byte{text[:8], text[9:13], text[14:18], text[19:23], text[24:36]} {
		digits = append(digits, part...)
	}
	if _, err := hex.Decode(guid[:], digits); err != nil {
		return guid, false
	}
	return guid, bytes.Equal(appendGUID(nil, guid), text[:guidLength])
}

// readThread returns the GUID if the text begins with a GUID in Base64.
func readThread(text []byte) (guid [16]byte, ok bool) {
	// In the Base64 form of any GUID, the hyphens result in these characters at these
	// positions.
	if len(text) < threadLength || text[11] != 't' || text[24] != 'L' || text[31] != 't' {
		return guid, false
	}
	plain, err := base64.StdEncoding.AppendDecode(nil, text[:threadLength])
	if err != nil {
		return guid, false
	}
	guid, ok = readGUID(plain)
	return guid, ok && bytes.Equal(appendThread(nil, guid), text[:threadLength])
}

// readMeeting returns the GUIDs of the organizer and the thread if the text begins with
// the Graph ID of a meeting.
func readMeeting(text []byte) (organizer, thread [16]byte, ok bool) {
	if len(text) < meetingLength || !bytes.HasPrefix(text, []byte("MS")) {
		return organizer, thread, false
	}
	plain, err := base64.StdEncoding.AppendDecode(nil, text[:meetingLength])
	if err != nil {
		return organizer, thread, false
	}
	const start, between = 2, 2 + guidLength + 15
	if organizer, ok = readGUID(plain[start:]); !ok {
		return organizer, thread, false
	}
	if thread, ok = readThread(plain[between:]); !ok {
		return organizer, thread, false
	}
	return organizer, thread, bytes.Equal(appendID(nil, markMeeting, organizer, thread), text[:meetingLength])
}

func digitsAt(text []byte) (n int) {
	for n < len(text) && isDigit(text[n]) {
		n++
	}
	return n
}

func isMark(c byte) bool { return c >= markGUID && c <= markNumber }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// With returns the earlier identifiers followed by those of the receiver. An older format
// of packed replies refers to identifiers by their position in the combined list.
func (ids IDs) With(earlier IDs) IDs {
	return IDs{slices.Concat(earlier.guids, ids.guids), slices.Concat(earlier.numbers, ids.numbers)}
}

// Encode returns the identifiers in binary form.
func (ids IDs) Encode() []byte {
	packed := []byte{byte(len(ids.guids)), byte(len(ids.numbers))}
	for _, guid := range ids.guids {
		packed = append(packed, guid[:]...)
	}
	for _, number := range ids.numbers {
		packed = binary.AppendUvarint(packed, number)
	}
	return packed
}

// DecodeIDs undoes Encode. It also returns the bytes that follow the identifiers.
func DecodeIDs(packed []byte) (ids IDs, rest []byte, err error) {
	if len(packed) < 2 || len(packed) < 2+16*int(packed[0]) {
		return ids, nil, errIDs
	}
	guids, numbers, rest := int(packed[0]), int(packed[1]), packed[2:]
	for range guids {
		ids.guids = append(ids.guids, [16]byte(rest))
		rest = rest[16:]
	}
	for range numbers {
		number, n := binary.Uvarint(rest)
		if n <= 0 {
			return ids, nil, errIDs
		}
		ids.numbers = append(ids.numbers, number)
		rest = rest[n:]
	}
	return ids, rest, nil
}
