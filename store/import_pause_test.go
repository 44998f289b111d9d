package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/enginetest"
	"meetdesk/testenv"
)

// If an import is paused and resumed while its last row is running, it keeps its grant and
// is not marked as done until that row has ended.
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

// No row of a paused import can be leased, but the result of a row that was leased earlier
// is still recorded.
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

// If the result of a row arrives after its import has been paused or cancelled, the row is
// counted immediately. A paused import is then done if no rows are left. In a cancelled
// import, a row that would be retried fails instead, because it would never be processed.
func TestRowsEndAfterTheirImport(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		stop   func(s *store.Store, id, userID int64) error
		result meeting.RowState
		state  meeting.ImportState
		counts meeting.ImportCounts
	}{
		"paused":               {pauseIt, meeting.RowCreated, meeting.ImportDone, meeting.ImportCounts{Rows: 1, Created: 1}},
		"paused, once more":    {pauseIt, meeting.RowWaiting, meeting.ImportPaused, meeting.ImportCounts{Rows: 1, Waiting: 1}},
		"cancelled":            {cancelIt, meeting.RowCreated, meeting.ImportCancelled, meeting.ImportCounts{Rows: 1, Created: 1}},
		"cancelled, once more": {cancelIt, meeting.RowWaiting, meeting.ImportCancelled, meeting.ImportCounts{Rows: 1, Failed: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, t.TempDir())
			session := signIn(t, s, "one")
			rows := []meeting.ImportRow{{Position: 1, ExternalID: "INC1", State: meeting.RowWaiting}}
			id, err := s.AddImport(t.Context(), meeting.Import{User: session.User}, rows)
			must(t, err)
			must(t, s.StartImport(t.Context(), id, session.GrantID, rows))
			_, _, _, err = s.NextImportRow(t.Context(), id, nil, time.Minute)
			must(t, err)
			must(t, tt.stop(s, id, session.User.ID))
			if i, err := s.Import(t.Context(), id); err != nil || !i.Changes() || i.Counts.Remaining() != 1 {
				t.Errorf("while the row runs, the import counts %+v, %v", i.Counts, err)
			}
			must(t, s.EndImportRow(t.Context(), meeting.RowResult{ImportID: id, Position: 1, State: tt.result, Reason: meeting.ReasonThrottled}))
			i, err := s.Import(t.Context(), id)
			i.Counts.Recent, i.Counts.Recently = 0, 0
			if err != nil || i.State != tt.state || i.Counts != tt.counts || i.Changes() {
				t.Errorf("the import is %s with %+v, %v; want %s with %+v", i.State, i.Counts, err, tt.state, tt.counts)
			}
		})
	}
}

func pauseIt(s *store.Store, id, userID int64) error {
	return s.PauseImport(context.Background(), id, userID, meeting.ReasonImportPerson)
}

func cancelIt(s *store.Store, id, userID int64) error {
	return s.CancelImport(context.Background(), id, userID, meeting.ReasonImportPersonEnd)
}

// TestEndedSessionsPauseImports checks, for each way in which a session can end, whether
// its imports are paused, and which reason and audit entry are recorded. An import that
// was already paused keeps its reason. Paused imports lose their grant, even if no desk is
// processing them.
func TestEndedSessionsPauseImports(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	ctx := context.Background()
	for name, tt := range map[string]struct {
		end  func(s *store.Store, ended, other, admin store.Session) error
		why  meeting.Reason // "" if the import continues
		by   string
		both bool // whether the import of the person's other session is paused too
	}{
		"signed out": {end: func(s *store.Store, _, _, _ store.Session) error {
			return s.EndSession(ctx, []byte("ended"), store.SignedOut)
		}},
		"ended from other": {end: func(s *store.Store, ended, _, _ store.Session) error {
			return s.EndOwnSession(ctx, ended.User.ID, ended.ID)
		}, why: meeting.ReasonImportSessionEnded, by: "priya"},
		"others ended": {end: func(s *store.Store, _, other, _ store.Session) error {
			return s.EndOtherSessions(ctx, other.User.ID, other.ID)
		}, why: meeting.ReasonImportSessionEnded, by: "priya"},
		"refused": {end: func(s *store.Store, ended, _, _ store.Session) error { return s.EndGrant(ctx, ended.GrantID) }, why: meeting.ReasonImportSignedOut, by: "priya"},
		"revoked": {end: func(s *store.Store, ended, _, admin store.Session) error {
			return s.SignOutPerson(ctx, admin.User.ID, ended.User.ID, ended.ID)
		}, why: meeting.ReasonImportRevoked, by: "alex"},
		"all revoked": {end: func(s *store.Store, ended, _, admin store.Session) error {
			return s.SignOutPerson(ctx, admin.User.ID, ended.User.ID, 0)
		}, why: meeting.ReasonImportRevoked, by: "alex", both: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			s := open(t, dir)
			var sessions []store.Session
			for _, who := range [][2]string{{"priya", "ended"}, {"priya", "other"}, {"alex", "admin"}} {
				u := meeting.User{TenantID: "t", ObjectID: who[0], UPN: who[0], Role: meeting.Staff}
				session, err := s.SignIn(t.Context(), u, store.Tokens{AccessToken: who[1]}, []byte(who[1]), "", time.Hour)
				must(t, err)
				sessions = append(sessions, session)
			}
			start := func(session store.Session) int64 {
				id, err := s.AddImport(t.Context(), meeting.Import{User: session.User}, []meeting.ImportRow{{Number: 2, ExternalID: "INC1"}})
				must(t, err)
				must(t, s.StartImport(t.Context(), id, session.GrantID, []meeting.ImportRow{{Position: 1, ExternalID: fmt.Sprint("INC", id), State: meeting.RowWaiting}}))
				return id
			}
			running, paused, others := start(sessions[0]), start(sessions[0]), start(sessions[1])
			must(t, s.PauseImport(t.Context(), paused, sessions[0].User.ID, meeting.ReasonImportPerson))
			must(t, tt.end(s, sessions[0], sessions[1], sessions[2]))
			want := func(id int64, why meeting.Reason, grant int64) {
				t.Helper()
				state := meeting.ImportPaused
				if why == "" {
					state = meeting.ImportRunning
				}
				if i, err := s.Import(t.Context(), id); err != nil || i.State != state || i.Reason != why || i.GrantID != grant {
					t.Errorf("the import is %s, %q with grant %d, %v; want %s, %q with %d", i.State, i.Reason, i.GrantID, err, state, why, grant)
				}
			}
			grant, otherWhy, otherGrant := int64(0), meeting.Reason(""), sessions[1].GrantID
			if tt.why == "" {
				grant = sessions[0].GrantID
			}
			if tt.both {
				otherWhy, otherGrant = tt.why, 0
			}
			want(running, tt.why, grant)
			want(paused, meeting.ReasonImportPerson, grant)
			want(others, otherWhy, otherGrant)
			var by string
			const q = `SELECT coalesce(max(u.upn), '') FROM audit a JOIN users u ON u.id = a.user_id WHERE action = 'import.pause' AND detail = $1`
			must(t, enginetest.Connect(t, dir).QueryRow(q, fmt.Sprintf("%d %s", running, tt.why)).Scan(&by))
			if by != tt.by {
				t.Errorf("the audit log says that %q paused the import, want %q", by, tt.by)
			}
		})
	}
}
