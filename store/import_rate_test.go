package store_test

import (
	"fmt"
	"testing"
	"time"

	"meetdesk/meeting"
)

// The rate of an import covers only the time since the import was last started or resumed
// and the desk was last started. Before that, no rows ended, or they ended at a different
// rate.
func TestRecentRows(t *testing.T) {
	t.Parallel()
	now, dir := time.Now(), t.TempDir()
	s := openDirAt(t, dir, &now)
	session := signIn(t, s, "one")
	now = now.Add(time.Hour)
	rows := make([]meeting.ImportRow, 9)
	for i := range rows {
		rows[i] = meeting.ImportRow{Position: i + 1, ExternalID: fmt.Sprint("INC", i), State: meeting.RowWaiting}
	}
	id, err := s.AddImport(t.Context(), meeting.Import{User: session.User}, rows)
	must(t, err)
	must(t, s.StartImport(t.Context(), id, session.GrantID, rows))
	end := func(after time.Duration) {
		t.Helper()
		now = now.Add(after)
		r, ok, _, err := s.NextImportRow(t.Context(), id, nil, time.Minute)
		must(t, err)
		if !ok {
			t.Fatal("there is no row")
		}
		must(t, s.EndImportRow(t.Context(), meeting.RowResult{ImportID: id, Position: r.Position, State: meeting.RowCreated}))
	}
	want := func(step string, rows int, within time.Duration) {
		t.Helper()
		if i, err := s.Import(t.Context(), id); err != nil || i.Counts.Recent != rows || i.Counts.Recently.Round(time.Second) != within {
			t.Errorf("%s: %d rows in %v, %v; want %d in %v", step, i.Counts.Recent, i.Counts.Recently, err, rows, within)
		}
	}
	end(2 * time.Second)
	want("just started", 1, 2*time.Second)
	end(40 * time.Second)
	end(time.Second)
	want("running", 2, 30*time.Second)
	must(t, s.PauseImport(t.Context(), id, session.User.ID, meeting.ReasonImportPerson))
	now = now.Add(5 * time.Second)
	must(t, s.ResumeImport(t.Context(), id, session.GrantID))
	end(3 * time.Second)
	want("continued", 1, 3*time.Second)
	s.Close()
	now = now.Add(5 * time.Second)
	s = openDirAt(t, dir, &now)
	end(4 * time.Second)
	want("after a restart", 1, 4*time.Second)
}
