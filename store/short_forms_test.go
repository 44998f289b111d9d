package store_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/people"
	"meetdesk/search"
	"meetdesk/store"
	"meetdesk/store/listing"
)

// The IDs and dates of new calls are stored in a short form. Searches by the original IDs
// find calls in both the short and the full form. An export contains a meeting's original
// link.
func TestShortFormsAreOnlyInTheFile(t *testing.T) {
	const (
		newID, newClientID = "5c00b050-a6cd-4c4e-a593-8e1c1225f816", "59ccd220-2095-4adc-a620-c6d5c3f49066"
		oldID, oldClientID = "d06948ae-7909-46dc-9d34-a0cfd5415b08", "fa9bdf74-3e0c-416c-a8bf-308f3d8cffaa"
		thread             = "19:meeting_N2I2ZjBlNWEtYWFkNi00MmQ5LWFlOTUtYmE0M2Y2MmY2MjFi@thread.v2"
		date               = "Wed, 29 Nov 2023 21:54:09 GMT"
	)
	dir := t.TempDir()
	s := open(t, dir)
	person := signIn(t, s, "one").User
	join := `https://teams.microsoft.com/l/meetup-join/19%3ameeting_N2I2ZjBlNWEtYWFkNi00MmQ5LWFlOTUtYmE0M2Y2MmY2MjFi%40thread.v2/0?context=%7b%22Tid%22%3a%22` +
		person.TenantID + `%22%2c%22Oid%22%3a%22` + person.ObjectID + `%22%7d`
	id := finished(t, s, person, "INC1", meeting.Details{GraphID: "G1", ThreadID: thread, JoinURL: join})
	a := begin(t, s, store.Intention{MeetingID: id, Organizer: person, Actor: person, Mode: meeting.Delegated, Kind: meeting.KindRefresh})
	call := meeting.Call{Method: "GET", RequestID: newID, ClientRequestID: newClientID, Status: 200, Date: date, StartedAt: time.Now()}
	if _, err := s.Finish(t.Context(), store.Result{AttemptID: a.ID, State: meeting.AttemptFailed, Version: a.Version, Calls: []meeting.Call{call}}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		statement string
		changes   bool
	}{
		{`UPDATE calls SET code = 'short' WHERE request_id = '` + newID + `' OR client_request_id = '` + newClientID + `' OR date = '` + date + `'`, false},
		{`INSERT INTO calls (attempt_id, method, client_request_id, request_id, status, date, unsure, started_at, duration_us)
			VALUES (1, 'POST', '` + oldClientID + `', '` + oldID + `', 200, '` + date + `', FALSE, 1, 1)`, true},
	} {
		if n := changed(t, dir, tt.statement); (n > 0) != tt.changes {
			t.Errorf("%d rows changed: %s", n, tt.statement)
		}
	}
	for _, requestID := range []string{newID, newClientID, oldID, oldClientID} {
		hits, err := s.Find(t.Context(), listing.Criteria{UserID: person.ID, Limit: 50}, search.Recognize(strings.ToUpper(requestID), people.OnlyAddress))
		if err != nil || len(hits) != 1 || hits[0].ID != id {
			t.Errorf("%s finds %v, %v; want meeting %d", requestID, hits, err, id)
		}
	}
	var exported string
	err := s.ExportPerson(t.Context(), store.EraseRequest{UserID: person.ID}, func(part []store.PersonalRecord) error {
		text, err := json.Marshal(part)
		exported += string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := json.Marshal(join)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(exported, `"join_url":`+string(encoded)) {
		t.Errorf("the export has not the link %s:\n%s", encoded, exported)
	}
}
