package store_test

import (
	"context"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store/enginetest"
)

// If a desk is killed, another desk requeues its running row. In a cancelled import, the
// row fails instead, because it would never be processed.
func TestRowsOfAStoppedDesk(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		cancelled     bool
		state, reason string
	}{
		{false, "waiting", ""},
		{true, "failed", string(meeting.ReasonStopped)},
	} {
		dir := t.TempDir()
		s := open(t, dir)
		person := signIn(t, s, "one").User
		id, err := s.AddImport(t.Context(), meeting.Import{User: person}, []meeting.ImportRow{{Number: 2, Form: "subject=Printer", ExternalID: "INC1"}})
		must(t, err)
		db := enginetest.Connect(t, dir)
		for _, q := range []string{`UPDATE imports SET state = 'running'`, `UPDATE import_rows SET state = 'waiting'`} {
			_, err := db.Exec(q)
			must(t, err)
		}
		if _, ok, _, err := s.NextImportRow(t.Context(), id, nil, time.Minute); err != nil || !ok {
			t.Fatal(ok, err)
		}
		if tt.cancelled {
			must(t, s.CancelImport(t.Context(), id, person.ID, meeting.ReasonImportPersonEnd))
		}
		_, err = db.Exec(`UPDATE import_rows SET desk_id = 4711`) // the ID of a stopped desk
		must(t, err)
		must(t, s.SettleOthers(context.Background()))
		if i, err := s.Import(t.Context(), id); err != nil || i.Counts.Rows != 1 || (i.Counts.Failed == 1) != tt.cancelled {
			t.Errorf("cancelled %v: the import counts %+v, %v", tt.cancelled, i.Counts, err)
		}
		var state, reason string
		var ended *int64
		must(t, db.QueryRow(`SELECT state, reason, ended_at FROM import_rows WHERE import_id = $1`, id).Scan(&state, &reason, &ended))
		if state != tt.state || reason != tt.reason || (ended != nil) != tt.cancelled {
			t.Errorf("cancelled %v: the row is %s, %q, ended %v; want %s, %q", tt.cancelled, state, reason, ended, tt.state, tt.reason)
		}
	}
}
