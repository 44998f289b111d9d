package store_test

import (
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store/enginetest"
)

// TestImportCounts checks the counts of an import after each change. A row may end after
// the import has been cancelled. Once the import is done, its counts are stored and no
// longer depend on its rows.
func TestImportCounts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	db := enginetest.Connect(t, dir)
	session := signIn(t, s, "one")
	rows := []meeting.ImportRow{{Number: 2, ExternalID: "INC1"}, {Number: 3, ExternalID: "INC2"}, {Number: 4, ExternalID: "INC3"}, {Number: 5, ExternalID: "INC4"}}
	id, err := s.AddImport(t.Context(), meeting.Import{User: session.User}, rows)
	must(t, err)
	want := func(step string, want meeting.ImportCounts) {
		t.Helper()
		i, err := s.Import(t.Context(), id)
		must(t, err)
		if i.Counts.Recent, i.Counts.Recently = 0, 0; i.Counts != want {
			t.Errorf("%s: %+v, want %+v", step, i.Counts, want)
		}
	}
	lease := func() int {
		t.Helper()
		r, ok, _, err := s.NextImportRow(t.Context(), id, nil, time.Minute)
		must(t, err)
		if !ok {
			t.Fatal("there is no row")
		}
		return r.Position
	}
	end := func(position int, state meeting.RowState) {
		t.Helper()
		must(t, s.EndImportRow(t.Context(), meeting.RowResult{ImportID: id, Position: position, State: state}))
	}
	want("draft", meeting.ImportCounts{Rows: 4})
	started := importRows(t, s, id)
	for i := range started {
		started[i].State = meeting.RowWaiting
	}
	started[3].State = meeting.RowLeft
	must(t, s.StartImport(t.Context(), id, session.GrantID, started))
	want("running", meeting.ImportCounts{Rows: 4, Waiting: 3, Left: 1})
	end(lease(), meeting.RowFailed)
	last := lease()
	must(t, s.CancelImport(t.Context(), id, session.User.ID, meeting.ReasonImportPersonEnd))
	want("cancelled", meeting.ImportCounts{Rows: 4, Running: 1, InFlight: 1, Failed: 1, Left: 2})
	end(last, meeting.RowCreated)
	want("ended late", meeting.ImportCounts{Rows: 4, Created: 1, Failed: 1, Left: 2})
	must(t, s.RetryImport(t.Context(), id, session.GrantID))
	want("retried", meeting.ImportCounts{Rows: 4, Waiting: 1, Created: 1, Left: 2})
	end(lease(), meeting.RowFound)
	_, _, more, err := s.NextImportRow(t.Context(), id, nil, time.Minute)
	must(t, err)
	if more {
		t.Error("the import has more rows")
	}
	_, err = db.Exec(`DELETE FROM import_rows`)
	must(t, err)
	want("done", meeting.ImportCounts{Rows: 4, Created: 1, Found: 1, Left: 2})
	list, err := s.Imports(t.Context(), session.User.ID, 0, 50)
	must(t, err)
	if len(list) != 1 || list[0].Counts.Created != 1 {
		t.Errorf("the list has %+v", list)
	}
}
