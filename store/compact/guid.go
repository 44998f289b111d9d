package compact

import (
	"encoding/base64"
	"strings"
)

// guidMark precedes a short GUID. A string that itself begins with the mark is stored with a
// second mark before it.
const guidMark = "{"

// ShortGUID returns the stored form of a request ID or object ID. A lower-case GUID
// becomes guidMark followed by its 16 bytes in Base64. Other strings are not encoded.
func ShortGUID(text string) string {
	if guid, ok := readGUID([]byte(text)); ok && len(text) == guidLength {
		return guidMark + base64.RawURLEncoding.EncodeToString(guid[:])
	}
	if strings.HasPrefix(text, guidMark) {
		return guidMark + text
	}
	return text
}

// FullGUID undoes ShortGUID.
func FullGUID(stored string) string {
	short, ok := strings.CutPrefix(stored, guidMark)
	if !ok {
		return stored
	}
	if strings.HasPrefix(short, guidMark) {
		return short
	}
	var guid [16]byte
	if n, err := base64.RawURLEncoding.Decode(guid[:], []byte(short)); err != nil || n != len(guid) {
		return stored
	}
	return string(appendGUID(nil, guid))
}
