package store

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"meetdesk/meeting"
)

// A packed reply omits the text that it repeats from the attempt's request. Unpacking
// restores the reply exactly, or returns an error if the request has changed.
func TestRepliesLeaveOutWhatWasAskedFor(t *testing.T) {
	const person = "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e01"
	in := meeting.Asked{
		ExternalID: "INC0012345", Subject: "Printer on the third floor", Start: time.Unix(1e9, 0).UTC(), End: time.Unix(1e9+1800, 0).UTC(), TimeZone: "Europe/Lisbon",
		Attendees: []meeting.Attendee{{UPN: "maria.kowalska@fabrikam.example", Name: "Maria Kowalska", ObjectID: person}},
	}
	asked, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	raw := []byte(`{"subject":"Printer on the third floor","externalId":"INC0012345","participants":{"attendees":[{"upn":"maria.kowalska@fabrikam.example","identity":{"user":{"id":"` + person + `"}}}]}}`)
	var packer ReplyPacker
	whole, err := packer.Pack(raw, nil)
	if err != nil {
		t.Fatal(err)
	}
	packed, err := packer.Pack(raw, asked)
	if err != nil {
		t.Fatal(err)
	}
	if len(packed) > len(whole)-60 {
		t.Errorf("%d bytes without what was asked for, %d with it", len(packed), len(whole))
	}
	if got, err := packer.Unpack(packed, asked); err != nil || !bytes.Equal(got, raw) {
		t.Errorf("it was read as %q, %v", got, err)
	}
	if got, err := packer.Unpack(packed, bytes.Replace(asked, []byte("Maria"), []byte("Anna"), 1)); err == nil || !strings.Contains(err.Error(), "has changed") {
		t.Errorf("with something else, it was read as %q, %v", got, err)
	}
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOfN(rapid.SampledFrom([]string{person, string(raw), string(asked), "\x01", "1234567890", "é", `{"a":`, strings.Repeat("x", 40_000)}), 0, 5)
		text := func(label string) []byte { return []byte(strings.Join(pieces.Draw(t, label), "")) }
		asked, raw := text("asked"), text("raw")
		packed, err := packer.Pack(raw, asked)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := packer.Unpack(packed, asked); err != nil || !bytes.Equal(got, raw) {
			t.Fatalf("%d bytes after %d were read as %d, %v", len(raw), len(asked), len(got), err)
		}
	})
}

// A reply can still be read if an erasure changes the attempt's request while the reply is
// being stored or afterwards.
func TestRepliesSurviveAnErasure(t *testing.T) {
	s := openNew(t)
	session, err := s.SignIn(t.Context(), meeting.User{TenantID: "t", ObjectID: "one", UPN: "priya@contoso.example", Name: "Priya", Role: meeting.Staff}, Tokens{}, []byte("session"), "sid", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	begun, err := s.Begin(t.Context(), Intention{Organizer: session.User, Actor: session.User, Mode: meeting.Delegated, Kind: meeting.KindCreate,
		Asked: meeting.Asked{ExternalID: "INC1", Subject: "Call Maria Kowalska back", TimeZone: "UTC"}})
	if err != nil {
		t.Fatal(err)
	}
	raw := []byte(`{"subject":"Call Maria Kowalska back","externalId":"INC1"}`)
	r := Result{AttemptID: begun[0].ID, State: meeting.AttemptDone, Outcome: meeting.OutcomeCreated, Reply: &meeting.Reply{Raw: raw, Details: meeting.Details{GraphID: "g1", Subject: "Call Maria Kowalska back"}}}
	if err := s.packReply(t.Context(), &r); err != nil {
		t.Fatal(err)
	}
	changes := func(asked string) {
		t.Helper()
		if _, err := s.write.ExecContext(t.Context(), `UPDATE attempts SET asked = $1, asked_packed = NULL WHERE id = $2`, asked, r.AttemptID); err != nil {
			t.Fatal(err)
		}
	}
	changes(`{"subject":"Call erased back"}`)
	if err := s.packAgain(&r, `{"subject":"Call erased back"}`, nil); err != nil {
		t.Fatal(err)
	}
	if got, err := s.packer.Unpack(r.packed, nil); err != nil || !bytes.Equal(got, raw) {
		t.Errorf("changed before it was stored, the reply was read as %q, %v", got, err)
	}
	id, err := s.Finish(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.transact(t.Context(), func(tx *sql.Tx) error {
		if err := openRetention(t.Context(), tx, "erase", 0); err != nil {
			return err
		}
		if err := s.storeWhole(t.Context(), tx, r.AttemptID); err != nil {
			return err
		}
		return closeRetention(t.Context(), tx)
	}); err != nil {
		t.Fatal(err)
	}
	changes(`{}`)
	if stored, err := s.Replies(t.Context(), id, 1); err != nil || len(stored) != 1 || !bytes.Equal(stored[0].Raw, raw) {
		t.Errorf("changed afterwards, the reply was read as %v, %v", stored, err)
	}
}
