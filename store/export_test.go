package store

import "testing"

// Outside tests, these functions run only when the store is opened or in the background.
var (
	IndexNextChunk   = (*Store).indexNextChunk
	NextPart         = (*Store).nextPart
	QueueForNewRules = (*Store).queueForNewRules
	SettleStopped    = (*Store).settleStopped
	StartRule        = (*Store).startRule
)

func Write(t *testing.T, s *Store, statements ...string) {
	t.Helper()
	for _, q := range statements {
		if _, err := s.write.ExecContext(t.Context(), q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
}

func QueuedEntries(s *Store) int {
	s.auditQueue.mu.Lock()
	defer s.auditQueue.mu.Unlock()
	return len(s.auditQueue.entries)
}

// AuditWrites returns how many times the audit queue has been written, including failures.
func AuditWrites(s *Store) int {
	s.auditQueue.mu.Lock()
	defer s.auditQueue.mu.Unlock()
	return s.auditQueue.writes
}

const MaxQueued = maxQueued
