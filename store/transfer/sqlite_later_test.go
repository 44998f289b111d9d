package transfer

import (
	"testing"
)

// A draft keeps its mark until laterTable is dropped as well. A copy could not continue in a
// draft that has only laterTable.
func TestDraftIsCompletedAsAWhole(t *testing.T) {
	s := &sqlite{dir: t.TempDir()}
	t.Cleanup(func() { s.Close() })
	if err := s.openTarget(t.Context(), "a source", "test"); err != nil {
		t.Fatal(err)
	}
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
