package store_test

import (
	"testing"

	"meetdesk/meeting"
	"meetdesk/store/enginetest"
)

// Each operation on an import is allowed only in some states, because a request may come
// from an outdated page.
func TestImportsChangeOnlyInSomeStates(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	session := signIn(t, s, "one")
	id, err := s.AddImport(t.Context(), meeting.Import{User: session.User}, []meeting.ImportRow{{Number: 2, Form: "subject=Printer", ExternalID: "INC1"}})
	must(t, err)
	db := enginetest.Connect(t, dir)
	acts := map[string]func() error{
		"pause":  func() error { return s.PauseImport(t.Context(), id, session.User.ID, meeting.ReasonImportPerson) },
		"resume": func() error { return s.ResumeImport(t.Context(), id, session.GrantID) },
		"retry":  func() error { return s.RetryImport(t.Context(), id, session.GrantID) },
		"cancel": func() error { return s.CancelImport(t.Context(), id, session.User.ID, meeting.ReasonImportPersonEnd) },
	}
	after := map[meeting.ImportState]map[string]meeting.ImportState{
		meeting.ImportDraft:     {},
		meeting.ImportRunning:   {"pause": meeting.ImportPaused, "retry": meeting.ImportRunning, "cancel": meeting.ImportCancelled},
		meeting.ImportPaused:    {"resume": meeting.ImportRunning, "retry": meeting.ImportRunning, "cancel": meeting.ImportCancelled},
		meeting.ImportDone:      {"retry": meeting.ImportRunning},
		meeting.ImportCancelled: {"retry": meeting.ImportRunning},
	}
	for from, allowed := range after {
		for name, act := range acts {
			_, err := db.Exec(`UPDATE import_rows SET state = 'waiting'`)
			must(t, err)
			_, err = db.Exec(`UPDATE imports SET state = $1, reason = $2, grant_id = NULL`, string(from), string(meeting.ReasonImportAdministrator))
			must(t, err)
			want, ok := allowed[name]
			if !ok {
				want = from
			}
			err = act()
			i, failed := s.Import(t.Context(), id)
			must(t, failed)
			if ok && err != nil || !ok && meeting.CodeOf(err) != meeting.Conflict || i.State != want || !ok && i.Reason != meeting.ReasonImportAdministrator {
				t.Errorf("%s %s: %v; the import is %s, %q; want it %s, changed %v", name, from, err, i.State, i.Reason, want, ok)
			}
		}
	}
}
