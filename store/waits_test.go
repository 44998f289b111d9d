package store_test

import (
	"testing"
	"time"

	"meetdesk/store"
	"meetdesk/store/enginetest"
)

func TestWaits(t *testing.T) {
	dir, now := t.TempDir(), time.Date(2026, 11, 28, 10, 0, 0, 0, time.UTC)
	opened := func() *store.Store {
		s, err := store.Open(t.Context(), store.Options{Dir: dir, Database: enginetest.Prepare(t, dir), Keys: [][]byte{make([]byte, 32)}, Now: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := opened()
	save := func(service store.Service, user int64, in time.Duration) {
		t.Helper()
		if err := s.SaveWait(t.Context(), service, user, now.Add(in)); err != nil {
			t.Fatal(err)
		}
	}
	want := func(service store.Service, user int64, in time.Duration) {
		t.Helper()
		until, err := s.Wait(t.Context(), service, user)
		if in == 0 && until.IsZero() && err == nil {
			return
		}
		if err != nil || !until.Equal(now.Add(in)) {
			t.Errorf("%s for user %d: wait until %s (%v), want %s", service, user, until, err, now.Add(in))
		}
	}
	save(store.Graph, 1, 10*time.Minute)
	save(store.Graph, 1, time.Minute) // a shorter delay does not replace a longer one
	want(store.Graph, 1, 10*time.Minute)
	want(store.Directory, 1, 10*time.Minute) // a delay for Graph also applies to the directory
	want(store.Graph, 2, 0)
	want(store.SignIn, 1, 0)
	save(store.Directory, 2, time.Hour)
	want(store.Graph, 2, 0) // a delay for the directory does not apply to Graph
	want(store.Directory, 2, time.Hour)
	save(store.Graph, store.WholeDesk, 20*time.Minute)
	for user := range int64(4) {
		want(store.Graph, user, 20*time.Minute)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = opened() // delays survive a restart
	want(store.Graph, 1, 20*time.Minute)

	now = now.Add(20 * time.Minute)
	want(store.Graph, 1, 0)
	now = now.Add(-48 * time.Hour) // now the recorded delay exceeds the maximum, so it is ignored
	want(store.Graph, 1, 0)
	now = now.Add(96 * time.Hour)
	for user := range int64(100) {
		save(store.Graph, user%10, time.Duration(user)*time.Second+time.Second)
	}
	s.Close()
	db := enginetest.Connect(t, dir)
	var rows int
	if err := db.QueryRow(`SELECT count(*) FROM waits`).Scan(&rows); err != nil || rows != 10 {
		t.Errorf("%d rows (%v), want 10: one for each person", rows, err)
	}
}
