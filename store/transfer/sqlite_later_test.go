package transfer

import "testing"

// A draft keeps its mark until laterTable is dropped as well. A copy could not continue in a
// draft that has only laterTable.
func TestDraftIsCompletedAsAWhole(t *testing.T) {
	s := newDraft(t)
	if _, err := s.db.ExecContext(t.Context(), `ALTER TABLE `+laterTable+` RENAME TO away`); err != nil {
		t.Fatal(err)
	}
	if err := s.complete(t.Context()); err == nil {
		t.Error("the draft was completed without the table " + laterTable)
	}
	if marked, err := s.has(t.Context(), markTable); err != nil || !marked {
		t.Errorf("the draft has its mark: %v, %v", marked, err)
	}
}

func TestRowsOfIndexesAreSortedInFiles(t *testing.T) {
	var place int
	if err := newDraft(t).db.QueryRowContext(t.Context(), `PRAGMA temp_store`).Scan(&place); err != nil || place != 1 {
		t.Errorf("temp_store is %d, %v; want 1, which is FILE", place, err)
	}
}

func newDraft(t *testing.T) *sqlite {
	t.Helper()
	s := &sqlite{dir: t.TempDir()}
	t.Cleanup(func() { s.Close() })
	if err := s.openTarget(t.Context(), "a source", "test"); err != nil {
		t.Fatal(err)
	}
	return s
}
