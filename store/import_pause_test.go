package store_test

import (
	"fmt"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
)

// An import that is paused and resumed while its last row runs keeps its grant, and is not
// marked as done, until that row has ended.
func TestResumedImportWaitsForItsRows(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	session := signIn(t, s, "one")
	id, err := s.AddImport(t.Context(), meeting.Import{User: session.User}, []meeting.ImportRow{{Number: 2, ExternalID: "INC1"}})
	must(t, err)
	must(t, s.StartImport(t.Context(), id, session.GrantID, []meeting.ImportRow{{Position: 1, ExternalID: "INC1", State: meeting.RowWaiting}}))
	r, ok, _, err := s.NextImportRow(t.Context(), id, nil, time.Minute)
	must(t, err)
	if !ok {
		t.Fatal("there is no row")
	}
	must(t, s.PauseImport(t.Context(), id, session.User.ID, meeting.ReasonImportPerson))
	must(t, s.ResumeImport(t.Context(), id, session.GrantID))
	if i, err := s.Import(t.Context(), id); err != nil || i.State != meeting.ImportRunning || i.GrantID == 0 {
		t.Errorf("the import is %s with grant %d, %v; want it running", i.State, i.GrantID, err)
	}
	if _, ok, more, err := s.NextImportRow(t.Context(), id, nil, time.Minute); err != nil || ok || !more {
		t.Errorf("row %d is leased twice, or nobody waits for it: %v, %v, %v", r.Position, ok, more, err)
	}
	if _, _, more, err := s.NextImportRow(t.Context(), id, &meeting.RowResult{ImportID: id, Position: r.Position, State: meeting.RowCreated}, time.Minute); err != nil || more {
		t.Errorf("there are more rows: %v, %v", more, err)
	}
	if i, err := s.Import(t.Context(), id); err != nil || i.State != meeting.ImportDone || i.GrantID != 0 {
		t.Errorf("the import is %s with grant %d, %v; want it done", i.State, i.GrantID, err)
	}
}

// A paused import gives out no rows, but the result of a row that was given out earlier is
// recorded.
func TestAPausedImportGivesOutNoRows(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	id := startedImport(t, s, signIn(t, s, "one"))
	r, _, _, err := s.NextImportRow(t.Context(), id, nil, time.Minute)
	must(t, err)
	must(t, s.PauseImport(t.Context(), id, 0, meeting.ReasonImportPerson))
	done := &meeting.RowResult{ImportID: id, Position: r.Position, State: meeting.RowCreated}
	if _, ok, more, err := s.NextImportRow(t.Context(), id, done, time.Minute); err != nil || ok || more {
		t.Errorf("a row: %v, more rows: %v, %v; want none", ok, more, err)
	}
	if i, err := s.Import(t.Context(), id); err != nil || i.Counts.Created != 1 || i.Counts.Waiting != 1 {
		t.Errorf("the import counts %+v, %v", i.Counts, err)
	}
}

// TestEndedGrantPausesItsImports checks that an import pauses and loses its grant as soon
// as the grant ends, even if no desk is processing it.
func TestEndedGrantPausesItsImports(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	one, two := signIn(t, s, "one"), signIn(t, s, "two")
	var ids []int64
	for _, session := range []store.Session{one, one, two} {
		id, err := s.AddImport(t.Context(), meeting.Import{User: session.User}, []meeting.ImportRow{{Number: 2, ExternalID: "INC1"}})
		must(t, err)
		must(t, s.StartImport(t.Context(), id, session.GrantID, []meeting.ImportRow{{Position: 1, ExternalID: fmt.Sprint("INC", id), State: meeting.RowWaiting}}))
		ids = append(ids, id)
	}
	must(t, s.PauseImport(t.Context(), ids[1], one.User.ID, meeting.ReasonImportPerson))
	must(t, s.EndGrant(t.Context(), one.GrantID))
	for i, want := range []meeting.Import{
		{State: meeting.ImportPaused, Reason: meeting.ReasonImportSignedOut},
		{State: meeting.ImportPaused, Reason: meeting.ReasonImportPerson},
		{State: meeting.ImportRunning, GrantID: two.GrantID},
	} {
		if got, err := s.Import(t.Context(), ids[i]); err != nil || got.State != want.State || got.Reason != want.Reason || got.GrantID != want.GrantID {
			t.Errorf("import %d is %s (%q) with grant %d, %v; want %s (%q) with %d", i+1, got.State, got.Reason, got.GrantID, err, want.State, want.Reason, want.GrantID)
		}
	}
}
