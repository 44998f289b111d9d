package store_test

import (
	"context"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
)

// draft stores an import of two rows without starting it.
func draft(t *testing.T, s *store.Store, u meeting.User) (id int64) {
	t.Helper()
	id, err := s.AddImport(t.Context(), meeting.Import{User: u}, []meeting.ImportRow{{Number: 2, ExternalID: "INC1", Extra: []string{"a"}}, {Number: 3, ExternalID: "INC2"}})
	must(t, err)
	return id
}

// waitingRows returns the two rows that draft stores, in the form that StartImport
// expects.
func waitingRows() []meeting.ImportRow {
	return []meeting.ImportRow{{Position: 1, ExternalID: "INC1", State: meeting.RowWaiting}, {Position: 2, ExternalID: "INC2", State: meeting.RowWaiting}}
}

func startedImport(t *testing.T, s *store.Store, session store.Session) (id int64) {
	t.Helper()
	id = draft(t, s, session.User)
	must(t, s.StartImport(t.Context(), id, session.GrantID, waitingRows()))
	return id
}

// endRows takes the given number of rows of the import and records that they ended in the
// given state.
func endRows(t *testing.T, s *store.Store, id int64, rows int, state meeting.RowState) {
	t.Helper()
	for range rows {
		r, ok, _, err := s.NextImportRow(t.Context(), id, nil, time.Minute)
		must(t, err)
		if !ok {
			t.Fatal("there is no row")
		}
		must(t, s.EndImportRow(t.Context(), meeting.RowResult{ImportID: id, Position: r.Position, State: state}))
	}
}

// nextRow returns an action that records the result of a row and takes the next row.
func nextRow(s *store.Store, id int64, position int) func() error {
	return func() error {
		done := &meeting.RowResult{ImportID: id, Position: position, State: meeting.RowCreated}
		_, _, _, err := s.NextImportRow(context.Background(), id, done, time.Minute)
		return err
	}
}

func importActs() map[string]writingAct {
	return map[string]writingAct{
		"AddImport": func(t *testing.T, s *store.Store) func() error {
			u := signIn(t, s, "one").User
			return func() error {
				_, err := s.AddImport(context.Background(), meeting.Import{User: u}, []meeting.ImportRow{{Number: 2, Extra: []string{"a"}}, {Number: 3, Extra: []string{"b"}}})
				return err
			}
		},
		"ChangeDraft": func(t *testing.T, s *store.Store) func() error {
			id := draft(t, s, signIn(t, s, "one").User)
			return func() error {
				return s.ChangeDraft(context.Background(), meeting.Import{ID: id, TimeZone: "Asia/Kolkata"}, []meeting.ImportRow{{Position: 1, ExternalID: "INC3"}, {Position: 2, ExternalID: "INC4"}})
			}
		},
		"StartImport": func(t *testing.T, s *store.Store) func() error {
			session := signIn(t, s, "one")
			id := draft(t, s, session.User)
			return func() error { return s.StartImport(context.Background(), id, session.GrantID, waitingRows()) }
		},
		"StartImport without work": func(t *testing.T, s *store.Store) func() error {
			session := signIn(t, s, "one")
			id, rows := draft(t, s, session.User), waitingRows()
			for i := range rows {
				rows[i].State = meeting.RowLeft
			}
			return func() error { return s.StartImport(context.Background(), id, session.GrantID, rows) }
		},
		"NextImportRow": func(t *testing.T, s *store.Store) func() error {
			id := startedImport(t, s, signIn(t, s, "one"))
			_, _, _, err := s.NextImportRow(t.Context(), id, nil, time.Minute)
			must(t, err)
			return nextRow(s, id, 1)
		},
		"NextImportRow after the last": func(t *testing.T, s *store.Store) func() error {
			id := startedImport(t, s, signIn(t, s, "one"))
			must(t, s.EndSession(t.Context(), []byte("one"), store.SignedOut))
			endRows(t, s, id, 1, meeting.RowCreated)
			_, _, _, err := s.NextImportRow(t.Context(), id, nil, time.Minute)
			must(t, err)
			return nextRow(s, id, 2)
		},
		"EndImportRow of a cancelled import": func(t *testing.T, s *store.Store) func() error {
			session := signIn(t, s, "one")
			id := startedImport(t, s, session)
			_, _, _, err := s.NextImportRow(t.Context(), id, nil, time.Minute)
			must(t, err)
			must(t, s.CancelImport(t.Context(), id, session.User.ID, meeting.ReasonImportPersonEnd))
			return func() error {
				return s.EndImportRow(context.Background(), meeting.RowResult{ImportID: id, Position: 1, State: meeting.RowCreated})
			}
		},
		"PauseImport": func(t *testing.T, s *store.Store) func() error {
			id := startedImport(t, s, signIn(t, s, "one"))
			return func() error { return s.PauseImport(context.Background(), id, 0, meeting.ReasonImportPerson) }
		},
		"PauseRun": func(t *testing.T, s *store.Store) func() error {
			id := startedImport(t, s, signIn(t, s, "one"))
			run, _, err := s.ImportRun(t.Context(), id)
			must(t, err)
			return func() error { return s.PauseRun(context.Background(), id, run, meeting.ReasonImportDayOver) }
		},
		"ResumeImport after the last row": func(t *testing.T, s *store.Store) func() error {
			session := signIn(t, s, "one")
			id := startedImport(t, s, session)
			endRows(t, s, id, 2, meeting.RowCreated)
			must(t, s.PauseImport(t.Context(), id, 0, meeting.ReasonImportPerson))
			return func() error { return s.ResumeImport(context.Background(), id, session.GrantID) }
		},
		"RetryImport": func(t *testing.T, s *store.Store) func() error {
			session := signIn(t, s, "one")
			id := startedImport(t, s, session)
			endRows(t, s, id, 2, meeting.RowFailed)
			return func() error { return s.RetryImport(context.Background(), id, session.GrantID) }
		},
		"RetryImport without failures": func(t *testing.T, s *store.Store) func() error {
			session := signIn(t, s, "one")
			id := startedImport(t, s, session)
			endRows(t, s, id, 2, meeting.RowFound)
			return func() error { return s.RetryImport(context.Background(), id, session.GrantID) }
		},
		"CancelImport": func(t *testing.T, s *store.Store) func() error {
			session := signIn(t, s, "one")
			id := startedImport(t, s, session)
			must(t, s.EndSession(t.Context(), []byte("one"), store.SignedOut))
			return func() error {
				return s.CancelImport(context.Background(), id, session.User.ID, meeting.ReasonImportPersonEnd)
			}
		},
	}
}
