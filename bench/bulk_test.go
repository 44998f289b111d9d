package main

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/listing"
)

// TestBulkWritesWhatTheStoreWrites checks that meetings written in bulk produce the same
// rows and index entries as meetings written by the store.
func TestBulkWritesWhatTheStoreWrites(t *testing.T) {
	ctx := t.Context()
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	single, singleDir, people := openWithPeople(t, func() time.Time { return now })
	list := oneOfEachOutcome(people, now)
	for _, r := range list {
		now = r.BegunAt
		begun, err := single.Begin(ctx, r.Intention)
		if err != nil {
			t.Fatal(err)
		}
		now, r.AttemptID = r.EndedAt, begun[0].ID
		id, err := single.Finish(ctx, r.Result)
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range r.HandedOver {
			if err := single.HandOver(ctx, id, u.ID, meeting.TicketKey(r.Asked.ExternalID)); err != nil {
				t.Fatal(err)
			}
		}
	}
	now = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	inBulk, bulkDir, _ := openWithPeople(t, func() time.Time { return now })
	record(t, bulkDir, list[:2])
	record(t, bulkDir, list[2:])
	want, got := dump(t, singleDir), dump(t, bulkDir)
	if len(want) < 100 {
		t.Fatalf("only %d rows to compare", len(want))
	}
	for i := range max(len(want), len(got)) {
		if i >= len(want) || i >= len(got) || want[i] != got[i] {
			t.Fatalf("row %d differs:\nstore %s\nbulk  %s", i, strings.Join(want[i:min(i+1, len(want))], ""), strings.Join(got[i:min(i+1, len(got))], ""))
		}
	}
	page, err := inBulk.History(ctx, listing.Criteria{UserID: people[1].ID, Text: "zaolza", Limit: 10})
	if err != nil || len(page.Rows) != 1 || page.Rows[0].ExternalID != "INC1" {
		t.Errorf("a search by the person it was handed over to finds %+v (%v), want INC1", page, err)
	}
}

func TestBulkRecordsAllOrNothing(t *testing.T) {
	s, dir, people := openWithPeople(t, time.Now)
	list := oneOfEachOutcome(people, time.Now())
	b, err := openBulk(filepath.Join(dir, databaseFile))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if err := b.record(t.Context(), append(list, list[0])); err == nil {
		t.Error("two meetings with the same organizer and external ID were recorded")
	}
	if page, err := s.History(t.Context(), listing.Criteria{Everyone: true, Limit: 10}); err != nil || len(page.Rows) != 0 {
		t.Errorf("%d meetings were recorded (%v), want none", len(page.Rows), err)
	}
	next, reply := list[0], *list[0].Reply // replaces the first meeting, which no longer exists
	next.FormKey, next.Reply, reply.GraphID = "", &reply, "g9"
	list[0].Later, list[1].Later = meeting.Removed, meeting.Replaced
	if err := b.record(t.Context(), append(list, next)); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[int64]struct {
		state   meeting.State
		version int
	}{1: {meeting.Removed, 2}, 2: {meeting.Replaced, 1}} {
		if m, err := s.Meeting(t.Context(), id); err != nil || m.State != want.state || m.Version != want.version {
			t.Errorf("meeting %d: %s, version %d (%v); want %s, %d", id, m.State, m.Version, err, want.state, want.version)
		}
	}
}

func TestBulkMergesTheIndex(t *testing.T) {
	_, dir, people := openWithPeople(t, time.Now)
	list := oneOfEachOutcome(people, time.Now())
	b, err := openBulk(filepath.Join(dir, databaseFile))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	parts := func() (n int) {
		t.Helper()
		if err := b.QueryRow(`SELECT count(DISTINCT segid) FROM meetings_fts_idx`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for i := range list {
		if err := b.record(t.Context(), list[i:i+1]); err != nil {
			t.Fatal(err)
		}
	}
	before := parts()
	if err := b.mergeIndex(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := parts(); before < 2 || after != 1 {
		t.Errorf("%d parts became %d, want 1", before, after)
	}
}

func openWithPeople(t *testing.T, clock func() time.Time) (s *store.Store, dir string, people []meeting.User) {
	t.Helper()
	dir = t.TempDir()
	s, err := store.Open(t.Context(), store.Options{Dir: dir, Keys: [][]byte{make([]byte, 32)}, Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	for _, name := range []string{"Zoë", "Łukasz", "Dana"} {
		u, err := s.Organizer(t.Context(), meeting.User{TenantID: "t", ObjectID: name, UPN: name + "@contoso.example", Name: name + " Żak"})
		if err != nil {
			t.Fatal(err)
		}
		people = append(people, u)
	}
	return s, dir, people
}

func record(t *testing.T, dir string, list []recorded) {
	t.Helper()
	b, err := openBulk(filepath.Join(dir, databaseFile))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if err := b.record(t.Context(), list); err != nil {
		t.Fatal(err)
	}
}

// oneOfEachOutcome returns meetings whose first attempts created a meeting, found one,
// failed or were left unfinished. The first of the three people organizes all meetings.
func oneOfEachOutcome(people []meeting.User, at time.Time) []recorded {
	asked := func(externalID string) meeting.Asked {
		return meeting.Asked{
			ExternalID: externalID, Subject: "Drukarka nie drukuje " + externalID, Start: at.Add(time.Hour), End: at.Add(2 * time.Hour), TimeZone: "Europe/Warsaw",
			Attendees: []meeting.Attendee{{UPN: "zaolza@contoso.example", Name: "Ana Conceição"}, {UPN: "b@contoso.example", Role: meeting.RolePresenter}},
		}
	}
	call := meeting.Call{Method: "POST", ClientRequestID: "c", RequestID: "r", Status: 201, Date: "Sun, 01 Mar 2026 09:00:00 GMT", StartedAt: at, Duration: 321 * time.Microsecond}
	reply := func(graphID string, created bool) *meeting.Reply {
		return &meeting.Reply{Created: created, Raw: []byte(`{"id":"` + graphID + `"}`), Details: meeting.Details{
			GraphID: graphID, Subject: "as Graph has it", Start: at.Add(3 * time.Hour), End: at.Add(4 * time.Hour), JoinURL: "https://teams.microsoft.com/l/" + graphID,
			JoinMeetingID: "123", Passcode: "p", ConferenceID: "456", TollNumber: "+1", TollFreeNumber: "+2", MoreTolls: []string{"+3", "+4"}, MoreTollFrees: []string{"+5"}, DialInURL: "https://d", ThreadID: "19:t", VideoID: "v",
			OptionsURL: "https://o", Options: meeting.Options{Lobby: "organization", Presenters: "everyone", Announce: meeting.On, Record: meeting.Off},
			GraphCreated: at, Expires: at.Add(1000 * time.Hour), Attendees: []meeting.Attendee{{UPN: "zaolza@contoso.example", ObjectID: "z", Name: "Ana Conceição", Role: "attendee"}},
		}}
	}
	attempt := func(i int, actor meeting.User, mode meeting.Mode, result store.Result) recorded {
		id := fmt.Sprintf("INC%d", i)
		result.Calls = []meeting.Call{call}
		return recorded{
			Intention: store.Intention{Organizer: people[0], Actor: actor, Mode: mode, Kind: meeting.KindCreate, Asked: asked(id), Minutes: 30 + i, FormKey: "form " + id},
			Result:    result, BegunAt: at.Add(time.Duration(i) * time.Minute), EndedAt: at.Add(time.Duration(i)*time.Minute + time.Second),
		}
	}
	created := attempt(1, people[0], meeting.Delegated, store.Result{State: meeting.AttemptDone, Outcome: meeting.OutcomeCreated, Origin: meeting.Created, Reply: reply("g1", true)})
	created.HandedOver = people[1:2]
	return []recorded{
		created,
		attempt(2, people[0], meeting.Delegated, store.Result{State: meeting.AttemptDone, Outcome: meeting.OutcomeFound, Origin: meeting.Found, Reply: reply("g2", false), TimeZone: "UTC"}),
		attempt(3, people[2], meeting.Application, store.Result{State: meeting.AttemptDone, Outcome: meeting.OutcomeCreated, Origin: meeting.Created, Reply: reply("g3", true)}),
		attempt(4, people[0], meeting.Delegated, store.Result{State: meeting.AttemptFailed, Reason: meeting.ReasonRefused}),
		attempt(5, people[2], meeting.Application, store.Result{State: meeting.AttemptUnfinished, Reason: meeting.ReasonNoAnswer}),
	}
}

// dump returns the rows of all tables that contain the desk's data, and the position of
// every word in the index.
func dump(t *testing.T, dir string) (rows []string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, databaseFile))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	// A temporary table is visible only on the connection that created it.
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(`CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'meetings_fts', 'instance')`); err != nil {
		t.Fatal(err)
	}
	names := selectAll(t, db, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%fts%' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'goose%' AND name <> 'upgrades'`)
	for _, name := range append(names, "temp.words") {
		found := selectAll(t, db, `SELECT * FROM `+strings.Trim(name, "[]"))
		slices.Sort(found)
		for _, row := range found {
			rows = append(rows, name+" "+row)
		}
	}
	return rows
}

func selectAll(t *testing.T, db *sql.DB, q string) (list []string) {
	t.Helper()
	rows, err := db.Query(q)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	values := make([]any, len(columns))
	for i := range values {
		values[i] = new(any)
	}
	for rows.Next() {
		if err := rows.Scan(values...); err != nil {
			t.Fatal(err)
		}
		var row []any
		for _, v := range values {
			row = append(row, *v.(*any))
		}
		list = append(list, fmt.Sprint(row))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}
