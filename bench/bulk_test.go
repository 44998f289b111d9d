package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
)

// What is recorded in bulk is what the desk would have written down one by one:
// every row of every table, and every word of the index.
func TestInBulkAsOneByOne(t *testing.T) {
	ctx := context.Background()
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	start := func() (*store.Store, string, []meeting.User) {
		dir := t.TempDir()
		s, err := store.Open(ctx, store.Options{Dir: dir, Keys: [][]byte{key}, Now: clock})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		var people []meeting.User
		for _, name := range []string{"Zoë", "Łukasz", "Dana"} {
			u, err := s.Organizer(ctx, meeting.User{TenantID: "t", ObjectID: name, UPN: name + "@contoso.example", Name: name + " Żak"})
			if err != nil {
				t.Fatal(err)
			}
			people = append(people, u)
		}
		return s, dir, people
	}
	single, singleDir, people := start()
	bulk, bulkDir, _ := start()
	list := severalRecorded(people, now)
	for _, r := range list {
		now = r.BegunAt
		begun, err := single.Begin(ctx, r.Intention)
		if err != nil {
			t.Fatal(err)
		}
		now, r.AttemptID = r.EndedAt, begun.ID
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
	if err := bulk.RecordAll(ctx, list[:2]); err != nil {
		t.Fatal(err)
	}
	if err := bulk.RecordAll(ctx, list[2:]); err != nil {
		t.Fatal(err)
	}
	one, all := dump(t, singleDir), dump(t, bulkDir)
	if len(one) < 100 {
		t.Fatalf("only %d rows to compare", len(one))
	}
	for i := range max(len(one), len(all)) {
		if i >= len(one) || i >= len(all) || one[i] != all[i] {
			t.Fatalf("row %d differs:\none by one %s\nin bulk    %s", i, strings.Join(one[i:min(i+1, len(one))], ""), strings.Join(all[i:min(i+1, len(all))], ""))
		}
	}
	page, err := bulk.History(ctx, store.HistoryQuery{UserID: people[1].ID, Text: "zaolza", Limit: 10})
	if err != nil || len(page.Rows) != 1 || page.Rows[0].ExternalID != "INC1" {
		t.Errorf("whom it was handed over to finds %+v (%v), want INC1", page, err)
	}
}

func TestInBulkAllOrNothing(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	person := signIn(t, s, "one").User
	list := severalRecorded([]meeting.User{person, person, person}, time.Now())
	if err := s.RecordAll(ctx, append(list, list[0])); err == nil {
		t.Error("two meetings of one organizer and external ID were recorded")
	}
	if page, err := s.History(ctx, store.HistoryQuery{Everyone: true, Limit: 10}); err != nil || len(page.Rows) != 0 {
		t.Errorf("%d meetings are there (%v), want none", len(page.Rows), err)
	}
	next, reply := list[0], *list[0].Reply // takes the place of the first, which is gone
	next.FormKey, next.Reply, reply.GraphID = "", &reply, "g9"
	list[0].Gone, list[1].Gone = meeting.Removed, meeting.Replaced
	if err := s.RecordAll(ctx, append(list, next)); err != nil {
		t.Fatal(err)
	}
	m, err := s.Meeting(ctx, 1)
	if err != nil || m.State != meeting.Removed || m.Version != 2 {
		t.Errorf("%s, version %d (%v); want removed, 2", m.State, m.Version, err)
	}
	if m, err = s.Meeting(ctx, 2); err != nil || m.State != meeting.Replaced || m.Version != 1 {
		t.Errorf("%s, version %d (%v); want replaced, 1", m.State, m.Version, err)
	}
}

// severalRecorded are meetings of the first of three people: one of each way
// that an attempt to create one can end.
func severalRecorded(people []meeting.User, at time.Time) []store.Recorded {
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
			JoinMeetingID: "123", Passcode: "p", ConferenceID: "456", TollNumber: "+1", TollFreeNumber: "+2", DialInURL: "https://d", ThreadID: "19:t", VideoID: "v",
			OptionsURL: "https://o", Options: meeting.Options{Lobby: "organization", Presenters: "everyone", Announce: meeting.On, Record: meeting.Off},
			GraphCreated: at, Expires: at.Add(1000 * time.Hour), Attendees: []meeting.Attendee{{UPN: "zaolza@contoso.example", ObjectID: "z", Name: "Ana Conceição", Role: "attendee"}},
		}}
	}
	one := func(i int, actor meeting.User, mode meeting.Mode, result store.Result) store.Recorded {
		id := fmt.Sprintf("INC%d", i)
		result.Calls = []meeting.Call{call}
		return store.Recorded{
			Intention: store.Intention{Organizer: people[0], Actor: actor, Mode: mode, Kind: meeting.KindCreate, Asked: asked(id), Minutes: 30 + i, FormKey: "form " + id},
			Result:    result, BegunAt: at.Add(time.Duration(i) * time.Minute), EndedAt: at.Add(time.Duration(i)*time.Minute + time.Second),
		}
	}
	created := one(1, people[0], meeting.Delegated, store.Result{State: meeting.AttemptDone, Outcome: meeting.OutcomeCreated, Origin: meeting.Created, Reply: reply("g1", true)})
	created.HandedOver = people[1:2]
	return []store.Recorded{
		created,
		one(2, people[0], meeting.Delegated, store.Result{State: meeting.AttemptDone, Outcome: meeting.OutcomeFound, Origin: meeting.Found, Reply: reply("g2", false), TimeZone: "UTC"}),
		one(3, people[2], meeting.Application, store.Result{State: meeting.AttemptDone, Outcome: meeting.OutcomeCreated, Origin: meeting.Created, Reply: reply("g3", true)}),
		one(4, people[0], meeting.Delegated, store.Result{State: meeting.AttemptFailed, Reason: "reason.refused"}),
		one(5, people[2], meeting.Application, store.Result{State: meeting.AttemptUnfinished, Reason: "reason.timeout"}),
	}
}

// dump returns every row of every table, and every place of every word in the index.
func dump(t *testing.T, dir string) (rows []string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // what is temporary is a connection's own
	if _, err := db.Exec(`CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'meetings_fts', 'instance')`); err != nil {
		t.Fatal(err)
	}
	names := selectAll(t, db, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%fts%' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'goose%'`)
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
