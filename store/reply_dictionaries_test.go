package store_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/enginetest"
)

// invitation is text that occurs in all of a tenant's invitations but not in the built-in
// dictionary.
var invitation = func() string {
	var b strings.Builder
	for i := range 150 {
		fmt.Fprintf(&b, "<p style='x%d'>%x legal note %d of a tenant</p>", i*7919%1000, i*104729, i)
	}
	return b.String()
}()

func longReply(t *testing.T, n int) *meeting.Reply {
	raw, err := json.Marshal(map[string]any{
		"id": fmt.Sprint("G", n), "subject": "Exit interview of Maria Kowalska", "joinInformation": invitation,
		"attendees":             []any{map[string]string{"upn": "maria.kowalska@contoso.example", "displayName": "Maria Kowalska"}},
		"joinMeetingIdSettings": map[string]any{"joinMeetingId": fmt.Sprint(2140955407923 + n*97), "passcode": fmt.Sprint("pass", n)},
	})
	if err != nil {
		t.Fatal(err)
	}
	r := reply(fmt.Sprint("G", n), "Exit interview")
	r.Raw = raw
	return r
}

// Once the store has added the invitation to a dictionary, packed replies are smaller. They
// can still be read after a restart.
func TestRepliesTeachADictionary(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	person := signIn(t, s, "one").User
	var ids []int64
	record := func(n int) {
		begun, err := s.Begin(t.Context(), store.Intention{Actor: person, Organizer: person, Mode: meeting.Delegated, Kind: meeting.KindCreate, Asked: meeting.Asked{ExternalID: fmt.Sprint("INC", n)}})
		if err != nil {
			t.Fatal(err)
		}
		id, err := s.Finish(t.Context(), store.Result{AttemptID: begun[0].ID, Version: begun[0].Version, State: meeting.AttemptDone, Outcome: meeting.OutcomeCreated, Reply: longReply(t, n)})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	for n := range 20 {
		record(n)
		if n == 10 { // after a restart, the store reads the dictionaries from the database
			s.Close()
			s = open(t, dir)
		}
	}
	for n, id := range ids {
		stored, err := s.Replies(t.Context(), id, 1)
		if err != nil || string(stored[0].Raw) != string(longReply(t, n).Raw) {
			t.Fatalf("reply %d came back as %v, %v", n, stored, err)
		}
	}
	s.Close()
	db := enginetest.Connect(t, dir)
	var (
		first, last, dictionaries int
		body                      string
	)
	const q = `SELECT (SELECT length(packed) FROM replies WHERE id = 1), (SELECT max(length(packed)) FROM replies WHERE id > 2), (SELECT count(*) FROM reply_dictionaries), (SELECT body FROM reply_dictionaries)`
	if err := db.QueryRowContext(t.Context(), q).Scan(&first, &last, &dictionaries, &body); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes of a reply of %d without a dictionary, at most %d with one of %d", first, len(longReply(t, 0).Raw), last, len(body))
	if dictionaries != 1 || last > 300 || first < 5*last {
		t.Errorf("%d dictionaries; %d bytes before, %d after; want 1, and at most a fifth", dictionaries, first, last)
	}
	for _, personal := range []string{"Maria", "Kowalska", "interview", "maria", "pass1", "2140955"} {
		if strings.Contains(body, personal) {
			t.Errorf("the dictionary contains %q", personal)
		}
	}
	if !strings.Contains(body, "legal note 149") {
		t.Error("the dictionary lacks the invitation")
	}
}

func TestDictionariesAreKept(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	defer s.Close()
	for _, q := range []string{`INSERT INTO reply_dictionaries (id, body, created_at) VALUES (1, ` + enginetest.Blob("00") + `, 1)`, `UPDATE reply_dictionaries SET body = ` + enginetest.Blob("01"), `DELETE FROM reply_dictionaries`} {
		if err := behind(t, dir, q); (err == nil) != strings.HasPrefix(q, "INSERT") {
			t.Errorf("%s: %v", q, err)
		}
	}
}
