package store

import "context"

// State contains database metrics.
type State struct {
	Unfinished int // attempts that Microsoft may or may not have carried out
	Sessions   int // sessions that have not expired
	AuditQueue int // audit entries that have not been written yet
	Size
}

// Size is the size of the database.
type Size struct {
	Bytes     int64
	LogBytes  int64 // the size of SQLite's write-ahead log; -1 with PostgreSQL
	FreeBytes int64 // free space on the disk that contains SQLite's file; -1 with PostgreSQL
}

// State returns the current metrics.
func (s *Store) State(ctx context.Context) (state State, err error) {
	s.auditQueue.mu.Lock()
	state.AuditQueue = len(s.auditQueue.entries)
	s.auditQueue.mu.Unlock()
	const q = `SELECT (SELECT count(*) FROM attempts WHERE state = 'unfinished'` + inOpenState + `), (SELECT count(*) FROM sessions WHERE expires_at > $1)`
	err = s.read.QueryRowContext(ctx, q, s.now().UnixMilli()).Scan(&state.Unfinished, &state.Sessions)
	if err != nil {
		return state, err
	}
	state.Size, err = s.engine.size(ctx)
	return state, err
}

// Size returns the current size of the database.
func (s *Store) Size(ctx context.Context) (Size, error) { return s.engine.size(ctx) }
