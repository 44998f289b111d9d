package store_test

import (
	"context"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
)

// importingSessions returns two sessions of one person. Only the first has started an
// import.
func importingSessions(t *testing.T, s *store.Store) (first, second store.Session) {
	t.Helper()
	first = signIn(t, s, "one")
	startedImport(t, s, first)
	second, err := s.SignIn(t.Context(), first.User, store.Tokens{AccessToken: "a"}, []byte("second"), "", time.Hour)
	must(t, err)
	return first, second
}

func sessionActs() map[string]writingAct {
	return map[string]writingAct{
		"SignIn with a new name": func(t *testing.T, s *store.Store) func() error {
			u := signIn(t, s, "one").User
			finished(t, s, u, "INC1", reply("G1", "First").Details)
			u.Name = "Renamed"
			return func() error {
				_, err := s.SignIn(context.Background(), u, store.Tokens{}, []byte("new"), "", time.Hour)
				return err
			}
		},
		"TouchSession": func(t *testing.T, s *store.Store) func() error {
			signIn(t, s, "one")
			return func() error { return s.TouchSession(context.Background(), []byte("one")) }
		},
		"EndOwnSession": func(t *testing.T, s *store.Store) func() error {
			session := signIn(t, s, "one")
			return func() error { return s.EndOwnSession(context.Background(), session.User.ID, session.ID) }
		},
		"EndOtherSessions": func(t *testing.T, s *store.Store) func() error {
			_, second := importingSessions(t, s)
			return func() error { return s.EndOtherSessions(context.Background(), second.User.ID, second.ID) }
		},
		"SignOutPerson": func(t *testing.T, s *store.Store) func() error {
			first, _ := importingSessions(t, s)
			return func() error { return s.SignOutPerson(context.Background(), first.User.ID, first.User.ID, 0) }
		},
		"SignOutPerson without sessions": func(t *testing.T, s *store.Store) func() error {
			session := signIn(t, s, "one")
			startedImport(t, s, session)
			must(t, s.EndSession(t.Context(), []byte("one"), store.SignedOut))
			return func() error { return s.SignOutPerson(context.Background(), session.User.ID, session.User.ID, 0) }
		},
		"EndGrant": func(t *testing.T, s *store.Store) func() error {
			first, _ := importingSessions(t, s)
			return func() error { return s.EndGrant(context.Background(), first.GrantID) }
		},
		"EndGrant without sessions": func(t *testing.T, s *store.Store) func() error {
			session := signIn(t, s, "one")
			startedImport(t, s, session)
			must(t, s.EndSession(t.Context(), []byte("one"), store.SignedOut))
			return func() error { return s.EndGrant(context.Background(), session.GrantID) }
		},
		"ChangeRole": func(t *testing.T, s *store.Store) func() error {
			u := signIn(t, s, "one").User
			return func() error { return s.ChangeRole(context.Background(), u.ID, meeting.HelpDesk) }
		},
	}
}
