package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/testenv"
)

// backgroundActs returns the actions that open a store, do background work, or start
// retention tasks.
func backgroundActs() map[string]writingAct {
	return map[string]writingAct{
		"settleStopped": func(t *testing.T, s *store.Store) func() error {
			session := signIn(t, s, "one")
			begin(t, s, createOf(session.User, "INC3"))
			cancelled := startedImport(t, s, session)
			must(t, s.CancelImport(t.Context(), cancelled, session.User.ID, meeting.ReasonImportPersonEnd))
			startedImport(t, s, session)
			store.Write(t, s, `UPDATE import_rows SET state = 'running' WHERE position = 1`, `DELETE FROM desks`)
			return func() error { return store.SettleStopped(s, context.Background()) }
		},
		"queueForNewRules": func(t *testing.T, s *store.Store) func() error {
			finished(t, s, signIn(t, s, "one").User, "INC1", reply("G1", "First").Details)
			store.Write(t, s, `UPDATE index_rules SET version = 0`)
			return func() error { return store.QueueForNewRules(s, context.Background()) }
		},
		"indexNextChunk": func(t *testing.T, s *store.Store) func() error {
			u := signIn(t, s, "one").User
			finished(t, s, u, "INC1", reply("G1", "First").Details)
			store.Write(t, s, fmt.Sprintf(`INSERT INTO index_queue (organizer_id, before_id) VALUES (%d, 1000)`, u.ID), `UPDATE meetings SET ticket_key = 'old'`)
			return func() error { _, _, err := store.IndexNextChunk(s, context.Background()); return err }
		},
		"SetRetentionRule": func(t *testing.T, s *store.Store) func() error {
			u := signIn(t, s, "one").User
			return func() error {
				return s.SetRetentionRule(context.Background(), u.ID, meeting.RetentionRule{Meetings: 6})
			}
		},
		"startRule": func(t *testing.T, s *store.Store) func() error {
			must(t, s.SetRetentionRule(t.Context(), signIn(t, s, "one").User.ID, meeting.RetentionRule{Meetings: 6}))
			store.Write(t, s, `UPDATE retention_rule SET run_at = 0`)
			return func() error { return store.StartRule(s, context.Background()) }
		},
		"StartPurge": func(t *testing.T, s *store.Store) func() error {
			u := signIn(t, s, "one").User
			return func() error { return s.StartPurge(context.Background(), u.ID, meeting.Purge{AuditBefore: time.Now()}) }
		},
		"StartErase": func(t *testing.T, s *store.Store) func() error {
			by, person := signIn(t, s, "two").User, signIn(t, s, "one")
			startedImport(t, s, person)
			must(t, s.SaveWait(t.Context(), store.Graph, person.User.ID, time.Now().Add(time.Minute)))
			return func() error { return startErase(s, by, person.User) }
		},
	}
}

func startErase(s *store.Store, by, person meeting.User) error {
	return s.StartErase(context.Background(), by.ID, store.EraseRequest{UserID: person.ID}, func(id int64) string { return fmt.Sprint("Erased ", id) })
}

func TestRetentionIsAllOrNothing(t *testing.T) {
	testenv.SkipIfShort(t)
	for name, start := range map[string]func(*testing.T, *store.Store){"purge": startedPurge, "erasure": startedErasure} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			act := func(t *testing.T, s *store.Store) func() error {
				start(t, s)
				return func() error { return store.NextPart(s, context.Background()) }
			}
			var parts [][]string // the writes of each part
			whole := newBroken(t, act)
			for whole.isBusy() {
				must(t, whole.act())
				parts = append(parts, whole.takeWrites())
			}
			b := newBroken(t, act)
			for _, writes := range parts {
				b.refuseEach(writes)
				must(t, b.act())
				if again := b.takeWrites(); !slices.Equal(again, writes) {
					t.Errorf("after the failures, %q was written, want %q", again, writes)
				}
			}
			if b.isBusy() {
				t.Error("after the failures, the task has more parts")
			}
		})
	}
}

// isBusy reports whether there is an unfinished purge, or an erasure whose task still
// names the person. Later parts of an erasure may be repeated.
func (b *broken) isBusy() bool {
	b.t.Helper()
	var id int64
	err := b.db.QueryRow(`SELECT id FROM retention_tasks WHERE done_at IS NULL AND (kind = 'purge' OR subject <> '')`).Scan(&id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		b.t.Fatal(err)
	}
	return err == nil
}

// startedPurge starts a purge that removes meetings, audit entries and an import.
func startedPurge(t *testing.T, s *store.Store) {
	t.Helper()
	id, organizer, other := handedOver(t, s)
	session := signIn(t, s, "three")
	must(t, s.EndAccess(t.Context(), id, other.ID, organizer.ID))
	must(t, s.AddNote(t.Context(), id, organizer.ID, meeting.Note{Kind: meeting.Remark, Text: "called"}))
	if _, err := s.Finish(t.Context(), finishOf(begin(t, s, createOf(organizer, "INC1")), reply("G2", "Replaces the first"))); err != nil {
		t.Fatal(err)
	}
	store.Write(t, s, `UPDATE attempts SET state = 'done'`)
	ended := startedImport(t, s, session)
	_, _, _, err := s.NextImportRow(t.Context(), ended, nil, time.Minute)
	must(t, err)
	must(t, s.EndImportRow(t.Context(), meeting.RowResult{ImportID: ended, Position: 1, State: meeting.RowCreated, MeetingID: id}))
	must(t, s.CancelImport(t.Context(), ended, session.User.ID, meeting.ReasonImportPersonEnd))
	all := time.Now().Add(time.Hour)
	must(t, s.StartPurge(t.Context(), organizer.ID, meeting.Purge{MeetingsBefore: all, AuditBefore: all}))
}

// startedErasure starts the erasure of a person who is named in meetings, attempts, calls,
// replies, notes, presets, audit entries and imports.
func startedErasure(t *testing.T, s *store.Store) {
	t.Helper()
	by, session := signIn(t, s, "two").User, signIn(t, s, "quartzmeier")
	person, text := session.User, "for "+session.User.UPN
	asked := createOf(person, "INC1")
	asked.Asked.Subject = text
	r := reply("G1", text)
	r.Details.Attendees = []meeting.Attendee{{UPN: person.UPN, Name: "Quartzmeier"}}
	r.Raw = fmt.Appendf(nil, `{"id":"G1","subject":%q}`, text)
	done := finishOf(begin(t, s, asked), r)
	done.Calls[0].Message = text
	id, err := s.Finish(t.Context(), done)
	must(t, err)
	must(t, s.AddNote(t.Context(), id, by.ID, meeting.Note{Kind: meeting.Remark, Text: text}))
	must(t, s.AddPreset(t.Context(), by.ID, meeting.Preset{Name: text}))
	must(t, s.Audit(t.Context(), by.ID, store.AuditHistoryRead, 0, "q="+text))
	imported, err := s.AddImport(t.Context(), meeting.Import{User: by, Title: text}, []meeting.ImportRow{{Number: 2, ExternalID: "INC9", Extra: []string{text}}})
	must(t, err)
	row := meeting.ImportRow{Position: 1, ExternalID: "INC9", State: meeting.RowWaiting, Request: meeting.Request{Subject: text}}
	must(t, s.StartImport(t.Context(), imported, session.GrantID, []meeting.ImportRow{row}))
	must(t, startErase(s, by, person))
}
