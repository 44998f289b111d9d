package store_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/enginetest"
)

func TestRepliesArePackedWithoutLoss(t *testing.T) {
	s := open(t, t.TempDir())
	person := signIn(t, s, "one").User
	id := finished(t, s, person, "INC1", reply("G1", "First").Details)
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.SliceOfN(rapid.Byte(), 0, 2000).Draw(t, "raw")
		if rapid.Bool().Draw(t, "repeats") {
			raw = bytes.Repeat(raw, 200)
		}
		begun, err := s.Begin(t.Context(), store.Intention{MeetingID: id, Actor: person, Organizer: person, Mode: meeting.Delegated, Kind: meeting.KindRefresh})
		if err != nil {
			t.Fatal(err)
		}
		sent := meeting.Reply{Raw: raw, Details: reply("G1", "First").Details}
		if _, err := s.Finish(t.Context(), store.Result{AttemptID: begun[0].ID, Version: begun[0].Version, State: meeting.AttemptDone, Outcome: meeting.OutcomeRead, Reply: &sent}); err != nil {
			t.Fatal(err)
		}
		stored, err := s.Replies(t.Context(), id, 1)
		if err != nil || !bytes.Equal(stored[0].Raw, raw) {
			t.Fatalf("%d bytes came back as %d, %v", len(raw), len(stored[0].Raw), err)
		}
	})
}

// A packed reply omits deflateEnd. Replies that an older version stored with it can still
// be read.
func TestPackedRepliesHaveNoEnd(t *testing.T) {
	var packer store.ReplyPacker
	raw := []byte(`{"subject":"First"}`)
	packed, err := packer.Pack(raw, nil)
	if err != nil {
		t.Fatal(err)
	}
	end := []byte("\x00\x00\xff\xff")
	if bytes.HasSuffix(packed, end) {
		t.Errorf("%x has the end", packed)
	}
	for _, stored := range [][]byte{packed, append(bytes.Clone(packed), end...)} {
		if got, err := packer.Unpack(stored, nil); err != nil || !bytes.Equal(got, raw) {
			t.Errorf("%x was read as %q, %v", stored, got, err)
		}
	}
}

// TestPackedRepliesAreSmall checks that a packed reply takes up at most a quarter of its
// original size, even if most of its identifiers differ from the dictionary's.
func TestPackedRepliesAreSmall(t *testing.T) {
	sample, err := os.ReadFile("reply_dictionary.json")
	if err != nil {
		t.Fatal(err)
	}
	raw := strings.NewReplacer("6f1d4c1e-0c5b-4c0e-9b61-7d2a7f6e5a10", "c4a0d9b2-77e3-4f86-a1d5-3e9b60f2c871", "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e01", "90be27f4-15ac-4d38-8c6f-b2d741e05a93",
		"MWE3MzA2YmYtYTAyNi00M2ExLTg3ZWQtYmUyYjhmZGQ2ZTEz", "ZjQ4YzBkNzEtOTVlMi00YjZhLWEzMTgtN2MyZDA1ZTliNmY0", "2026-11-2", "2031-04-1", "2140955407923", "3967218450166", "892662389", "415703826").Replace(string(sample))
	if !json.Valid([]byte(raw)) {
		t.Fatal("the sample is no JSON")
	}
	packed, err := new(store.ReplyPacker).Pack([]byte(raw), nil)
	if err != nil || len(packed) > len(raw)/4 {
		t.Errorf("%d bytes became %d, %v; want at most a quarter", len(raw), len(packed), err)
	}
	t.Logf("%d bytes became %d", len(raw), len(packed))
}

// Uncompressed replies from older versions can still be read. Reading a reply that is
// damaged or has an unknown format returns an error.
func TestReplyFromBeforeItWasPacked(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	id := finished(t, s, signIn(t, s, "one").User, "INC1", reply("G1", "First").Details)
	s.Close()
	for statement, want := range map[string]string{
		`INSERT INTO replies (meeting_id, attempt_id, at, created, body) VALUES (1, 1, 1, FALSE, '{"old":true}')`:                                `{"old":true}`,
		`INSERT INTO replies (meeting_id, attempt_id, at, created, body, packed) VALUES (1, 1, 1, FALSE, '', ` + enginetest.Blob("01ffff") + `)`: "",
		`INSERT INTO replies (meeting_id, attempt_id, at, created, body, packed) VALUES (1, 1, 1, FALSE, '', ` + enginetest.Blob("0941") + `)`:   "",
	} {
		if err := behind(t, dir, statement); err != nil {
			t.Fatal(err)
		}
		s = open(t, dir)
		got, err := s.Replies(t.Context(), id, 1)
		if want == "" && err == nil || want != "" && (err != nil || string(got[0].Raw) != want) {
			t.Errorf("%s: %v, want %q", statement, err, want)
		}
		s.Close()
	}
}

func BenchmarkPackReply(b *testing.B) {
	sample, err := os.ReadFile("reply_dictionary.json")
	if err != nil {
		b.Fatal(err)
	}
	var p store.ReplyPacker
	for b.Loop() {
		if _, err := p.Pack(sample, nil); err != nil {
			b.Fatal(err)
		}
	}
}
