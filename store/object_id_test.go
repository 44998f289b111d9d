package store_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/enginetest"
)

// Attendees' object IDs are read back unchanged, although most are stored in a short form.
// Erasures and exports use object IDs to find a person.
func TestObjectIDsOfAttendees(t *testing.T) {
	const objectID = "8c4202ad-39c8-4e54-98ce-196018b2dadf"
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	by, person := signIn(t, s, "one").User, signIn(t, s, objectID).User
	people := []meeting.Attendee{
		{UPN: "quartz@contoso.example", ObjectID: objectID, Name: "Ada Quartz"}, {UPN: "ada@contoso.example", ObjectID: strings.ToUpper(objectID), Name: "Ada"},
		{ObjectID: "1a93beb2-2ee1-4172-abe1-054890e064a5"}, {UPN: "odd@contoso.example", ObjectID: "{22characters-in-braces}"},
	}
	id := finished(t, s, by, "INC1", meeting.Details{GraphID: "g1", Subject: "For Ada Quartz", Attendees: people})
	m, err := s.Meeting(t.Context(), id)
	if must(t, err); !slices.Equal(m.Attendees, people) {
		t.Errorf("the attendees are read as %+v", m.Attendees)
	}
	db := enginetest.Connect(t, dir)
	if stored, want := enginetest.Texts(t, db, `SELECT object_id FROM attendees ORDER BY position`), people[2].ObjectID; len(stored[0]) > 24 || stored[2] != want {
		t.Errorf("stored as %q; want the first short, and the third, which an export shows, as %s", stored, want)
	}
	var records []string
	must(t, s.ExportPerson(t.Context(), store.EraseRequest{UserID: person.ID}, func(part []store.PersonalRecord) error {
		for _, r := range part {
			text, _ := json.Marshal(r)
			records = append(records, string(text))
		}
		return nil
	}))
	if !slices.ContainsFunc(records, func(text string) bool {
		return strings.Contains(text, "quartz@contoso.example") && strings.Contains(text, objectID)
	}) {
		t.Errorf("the export has no attendee with the ID %s:\n%s", objectID, strings.Join(records, "\n"))
	}
	erase(t, s, by, person)
	if m, err = s.Meeting(t.Context(), id); err != nil || strings.Contains(m.Subject, "Quartz") || m.Attendees[0].UPN != "" || m.Attendees[0].ObjectID != "" {
		t.Errorf("after the erasure: %q for %+v, %v", m.Subject, m.Attendees[0], err)
	}
}
