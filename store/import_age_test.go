package store_test

import (
	"context"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store/enginetest"
)

// A draft import is deleted after a week. When a meeting is purged, its import row loses
// the form but keeps the external ID.
func TestImportsLoseOldContent(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	person := signIn(t, s, "one").User
	id := finished(t, s, person, "INC1", meeting.Details{GraphID: "INC1", Subject: "Printer"})
	for range 3 {
		_, err := s.AddImport(t.Context(), meeting.Import{User: person}, []meeting.ImportRow{{Number: 2, Form: "subject=Printer", ExternalID: "INC1"}})
		must(t, err)
	}
	db := enginetest.Connect(t, dir)
	old := time.Now().AddDate(0, 0, -8).UnixMilli()
	for q, args := range map[string][]any{
		`UPDATE imports SET created_at = $1 WHERE id < 3`:                               {old},
		`UPDATE imports SET state = 'done', finished_at = $1 WHERE id = 2`:              {time.Now().UnixMilli()},
		`UPDATE import_rows SET state = 'created', meeting_id = $1 WHERE import_id = 2`: {id},
		`UPDATE meetings SET updated_at = $1, end_at = $1`:                              {old - 2*24*3600*1000},
	} {
		_, err := db.Exec(q, args...)
		must(t, err)
	}
	must(t, s.StartPurge(t.Context(), person.ID, meeting.Purge{MeetingsBefore: time.UnixMilli(old).AddDate(0, 0, -1)}))
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	go s.KeepRetention(ctx, func(err error) { t.Error(err) })
	for ctx.Err() == nil {
		tasks, err := s.RetentionTasks(t.Context(), 1)
		must(t, err)
		if !tasks[0].DoneAt.IsZero() {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	for q, want := range map[string]int{
		`SELECT count(*) FROM imports WHERE id = 1`: 0, `SELECT count(*) FROM imports WHERE id = 3`: 1,
		`SELECT count(*) FROM import_rows WHERE form = '' AND external_id = 'INC1' AND import_id = 2`: 1,
	} {
		var n int
		if err := db.QueryRow(q).Scan(&n); err != nil || n != want {
			t.Errorf("%s: %d, want %d: %v", q, n, want, err)
		}
	}
}
