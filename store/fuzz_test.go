package store

import (
	"bytes"
	"strings"
	"testing"

	"meetdesk/meeting"
)

// FuzzReplyPacking asserts that unpacking a packed reply returns the original bytes.
// Unpacking any other data must fail or return at most maxReply bytes.
func FuzzReplyPacking(f *testing.F) {
	f.Add([]byte(`{"id":"M1"}`), []byte{formatDeflate})
	f.Add(replyDictionary, []byte{formatDeflate, 0x63, 0x60, 0, 0})
	f.Add([]byte{}, []byte{2, 1})
	f.Add(bytes.Repeat(replyDictionary, 2), []byte{formatReply, 0, 0, 0, 0})
	packer := new(ReplyPacker)
	formats := []byte{formatDeflate, formatReply, formatOldReply} // the formats that Unpack can read without the attempt's request
	f.Fuzz(func(t *testing.T, raw, packed []byte) {
		stored, err := packer.Pack(raw, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := packer.Unpack(stored, nil); err != nil || !bytes.Equal(got, raw) {
			t.Errorf("%q is unpacked as %q, %v", raw, got, err)
		}
		if got, err := packer.Unpack(packed, nil); err == nil && (len(got) > maxReply || !bytes.Contains(formats, packed[:1])) {
			t.Errorf("%x is unpacked to %d bytes", packed, len(got))
		}
		if got, err := packer.Unpack(stored[:len(stored)-1], nil); err == nil && len(raw) > 0 {
			t.Errorf("a truncated reply is unpacked as %q", got)
		}
	})
}

// FuzzSealer asserts that an encrypted value cannot be decrypted with another key, for
// another row, or after it has been modified.
func FuzzSealer(f *testing.F) {
	f.Add([]byte("token"), "sessions 1", "sessions 2", 3)
	f.Add([]byte{}, "", "x", 0)
	key := func(fill string) []byte { return []byte(strings.Repeat(fill, 32)) }
	seal := func(keys ...[]byte) sealer {
		s, err := newSealer(keys)
		if err != nil {
			f.Fatal(err)
		}
		return s
	}
	old, both, other := seal(key("a")), seal(key("b"), key("a")), seal(key("c"))
	f.Fuzz(func(t *testing.T, plain []byte, row, otherRow string, bit int) {
		sealed := old.seal(plain, row)
		if got, err := both.open(sealed, row); err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%q is opened as %q, %v", plain, got, err)
		}
		if _, err := other.open(sealed, row); err == nil {
			t.Error("another key opens it")
		}
		if _, err := both.open(sealed, otherRow); err == nil && otherRow != row {
			t.Error("it opens in another row")
		}
		if len(plain) > 8 && bytes.Contains(sealed, plain) {
			t.Errorf("%q is in the sealed value", plain)
		}
		changed := bytes.Clone(sealed)
		changed[max(bit, -bit, 0)%len(changed)] ^= 1
		if _, err := both.open(changed, row); err == nil {
			t.Error("it opens after a change")
		}
		if _, err := both.open(plain, row); err == nil {
			t.Errorf("%q opens", plain)
		}
	})
}

// FuzzStoredKey asserts that a stored key does not change when it is stored again. When an
// object ID is first stored, only its case may change, and only if it has 36 characters.
func FuzzStoredKey(f *testing.F) {
	f.Add("AADC5D1F-19e5-4ec4-9b1e-7f2f5f8c7a11", "C4B52C91-7D0E-4F6A-9F31-5A2E77D10B64")
	f.Add("t", "{c4b52c91-7d0e-4f6a-9f31-5a2e77d10b64}")
	f.Add("", "urn:uuid:C4B52C91-7D0E-4F6A-9F31-5A2E77D10B64")
	f.Fuzz(func(t *testing.T, tid, oid string) {
		key := func(tid, oid string) [2]string {
			a, b := storedKey(meeting.User{TenantID: tid, ObjectID: oid})
			return [2]string{a, b}
		}
		stored := key(tid, oid)
		if again := key(stored[0], stored[1]); again != stored && strings.ToLower(stored[0]) == stored[0] {
			t.Errorf("%q has the key %q, and that %q", oid, stored, again)
		}
		if stored[1] != oid && (len(oid) != 36 || !strings.EqualFold(stored[1], oid)) {
			t.Errorf("%q has the key %q", oid, stored)
		}
	})
}
