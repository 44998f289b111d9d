package store

import (
	"strings"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store/enginetest"
	"meetdesk/store/sqlitetest"
)

// mostStatements is the maximum number of statements for creating a meeting with one
// attendee if Graph responds immediately. It excludes the statement for the audit entry,
// which the sign-in has already run. nothingNew is the only statement that updates the
// meeting if the reply contains no changes.
const (
	mostStatements = 17
	nothingNew     = `UPDATE meetings SET version = $2, updated_at = $3 WHERE id = $1`
)

// Creating a meeting takes few statements. A refresh without changes does not rewrite the
// meeting's index entries.
func TestStatementsOfACreate(t *testing.T) {
	enginetest.SQLiteOnly(t, "the statements are the same for PostgreSQL, and only SQLite's driver keeps them")
	s := openNew(t)
	session, err := s.SignIn(t.Context(), meeting.User{TenantID: "t", ObjectID: "o", Role: meeting.Staff}, Tokens{}, []byte("hash"), "sid", 1)
	if err != nil {
		t.Fatal(err)
	}
	in := Intention{Organizer: session.User, Actor: session.User, Mode: meeting.Delegated, Kind: meeting.KindCreate, FormKey: "form",
		Asked: meeting.Asked{ExternalID: "INC1", Subject: "Printer", TimeZone: "UTC", Attendees: []meeting.Attendee{{UPN: "dana@contoso.example"}}}}
	attempt := func(in Intention) error {
		begun, err := s.Begin(t.Context(), in)
		if err != nil {
			return err
		}
		r := Result{AttemptID: begun[0].ID, Version: begun[0].Version, State: meeting.AttemptDone, Outcome: meeting.OutcomeCreated, Origin: meeting.Created, Calls: []meeting.Call{{Method: "POST", Status: 201, StartedAt: time.Now()}}}
		r.Reply = &meeting.Reply{Created: true, Raw: []byte(`{}`), Details: meeting.Details{GraphID: "G1", Subject: "Printer", Attendees: in.Asked.Attendees}}
		_, err = s.Finish(t.Context(), r)
		return err
	}
	created := sqlitetest.NewStatements(t, s.write, func() error { return attempt(in) })
	if len(created) > mostStatements {
		t.Errorf("a create takes %d statements, want at most %d:\n%s", len(created), mostStatements, strings.Join(created, "\n"))
	}
	in.MeetingID, in.Kind, in.FormKey = 1, meeting.KindRefresh, ""
	if refreshed := strings.Join(sqlitetest.NewStatements(t, s.write, func() error { return attempt(in) }), "\n"); !strings.Contains(refreshed, nothingNew) {
		t.Errorf("a refresh runs these statements, want %s:\n%s", nothingNew, refreshed)
	}
}
