package store

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestRepliesOfOlderFormats(t *testing.T) {
	const (
		asked = `{"externalId":"INC0012345","subject":"Printer on the third floor","start":"2001-09-09T01:46:40Z","end":"2001-09-09T02:16:40Z","timeZone":"Europe/Lisbon","attendees":[{"upn":"maria.kowalska@fabrikam.example","objectId":"3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e01","name":"Maria Kowalska"}]}`
		want  = `{"subject":"Printer on the third floor","id":"90be27f4-15ac-4d38-8c6f-b2d741e05a93","participants":{"attendees":[{"upn":"maria.kowalska@fabrikam.example","identity":{"user":{"id":"3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e01"}}}]},"videoTeleconferenceId":"415703826"}`
	)
	for packed, asked := range map[string]string{
		"0200020190be27f415ac4d388c6fb2d741e05a933a1c0f526d3e4b7a9d541f0c6a2b8e0192c69cc601aa46521b50940972a4427e9e424946aa42494666518a425a4e7e7e9112b2fff1c71bc47fb9894599897ad9f9e58939c5d9890e6989494599d989b97aa91589b90539a948a1881cec99f0a0ab0505084e873328d50202": "",
		"04852200010190be27f415ac4d388c6fb2d741e05a9392c69cc601aa26d67b99d0f8249460897521b6f4064b5cb5b5b5a0948033c618946a0101":                                                                                                                                           asked,
	} {
		stored, err := hex.DecodeString(packed)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := new(ReplyPacker).Unpack(stored, []byte(asked)); err != nil || string(got) != want {
			t.Errorf("format %d was read as %q, %v", stored[0], got, err)
		}
	}
}

// Each additional attendee adds only a few bytes to a packed reply.
func TestRepliesToLongInvitationsAreSmall(t *testing.T) {
	sample, err := os.ReadFile("reply_dictionary.json")
	if err != nil {
		t.Fatal(err)
	}
	type person struct {
		UPN      string `json:"upn"`
		ObjectID string `json:"objectId"`
	}
	invite := func(n int) (raw, asked []byte) {
		var people []person
		list := make([]string, n)
		for i := range n {
			p := person{UPN: string(rune('a'+i)) + "@contoso.example", ObjectID: strings.Repeat(string("0123456789abcdef"[i]), 8) + "-15ac-4d38-8c6f-b2d741e05a93"}
			people = append(people, p)
			list[i] = `{"upn":"` + p.UPN + `","identity":{"user":{"id":"` + p.ObjectID + `"}}}`
		}
		asked, err := json.Marshal(map[string]any{"attendees": people})
		if err != nil {
			t.Fatal(err)
		}
		return append([]byte(`{"attendees":[`+strings.Join(list, ",")+`],`), sample[1:]...), asked
	}
	size := func(n int) int {
		raw, asked := invite(n)
		packed, err := new(ReplyPacker).Pack(raw, asked)
		if err != nil {
			t.Fatal(err)
		}
		return len(packed)
	}
	if one, ten := size(1), size(10); ten > one+9*12 {
		t.Errorf("%d bytes with one person and %d with ten, want at most 12 more for each", one, ten)
	}
}

// putBack reverses omit for any text. For damaged data, it returns an error or at most
// maxReply bytes.
func TestDictionaryParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOfN(rapid.SampledFrom([]string{"x", strings.Repeat("ab", 20), strings.Repeat("abcdefg", 30), strings.Repeat("0123456789", 9), "\x00\xff"}), 0, 8)
		d := newDictionary([]byte(strings.Join(pieces.Draw(t, "dictionary"), "")))
		text := []byte(strings.Join(pieces.Draw(t, "text"), ""))
		omitted := d.omit(text)
		if got, err := d.putBack(omitted); err != nil || !bytes.Equal(got, text) {
			t.Fatalf("%q became %q and then %q, %v", text, omitted, got, err)
		}
		damaged := rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "damaged")
		if got, err := d.putBack(damaged); err == nil && len(got) > maxReply {
			t.Fatalf("%x became %d bytes", damaged, len(got))
		}
	})
}

// A damaged reply that refers to the same long part many times cannot use an unlimited
// amount of memory.
func TestPartsAreBounded(t *testing.T) {
	const count = 1000
	d := newDictionary(bytes.Repeat([]byte("0123456789"), maxDictionary/10))
	damaged := binary.AppendUvarint(nil, count)
	for range count {
		damaged = append(damaged, 0, 0) // distance and position
		damaged = binary.AppendUvarint(damaged, uint64(len(d.text)))
	}
	if got, err := d.putBack(damaged); err == nil {
		t.Errorf("%d bytes became %d, want an error", len(damaged), len(got))
	}
}

func TestUnpackedRepliesAreBounded(t *testing.T) {
	packed, err := newDictionary(replyDictionary).deflate([]byte{formatDeflate}, nil, make([]byte, 2*maxReply))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := new(ReplyPacker).Unpack(packed, nil); err == nil && len(got) > maxReply {
		t.Errorf("%d bytes became %d, want %d at most", len(packed), len(got), maxReply)
	}
}
