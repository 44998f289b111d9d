package store

import "testing"

// These functions run by themselves, when the store is opened or in the background.
var (
	IndexNextChunk   = (*Store).indexNextChunk
	NextPart         = (*Store).nextPart
	QueueForNewRules = (*Store).queueForNewRules
	SettleStopped    = (*Store).settleStopped
	StartRule        = (*Store).startRule
)

// Write runs statements on the connection that writes.
func Write(t *testing.T, s *Store, statements ...string) {
	t.Helper()
	for _, q := range statements {
		if _, err := s.write.ExecContext(t.Context(), q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
}
