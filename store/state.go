package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"meetdesk/store/sqlitedb"
)

// State holds the figures about the database that monitoring shows.
type State struct {
	Unfinished int // attempts of which it is not known whether Microsoft carried them out
	Sessions   int // that have not expired
	AuditQueue int // entries that are not written yet
	Bytes      int64
	LogBytes   int64 // of the write-ahead log
	FreeBytes  int64
}

// State reads the state. It counts rows with indexes and looks at the files.
func (s *Store) State(ctx context.Context) (state State, err error) {
	s.auditQueue.mu.Lock()
	state.AuditQueue = len(s.auditQueue.entries)
	s.auditQueue.mu.Unlock()
	const q = `SELECT (SELECT count(*) FROM attempts WHERE state = 'unfinished'` + inOpenState + `), (SELECT count(*) FROM sessions WHERE expires_at > $1)`
	err = s.read.QueryRowContext(ctx, q, s.now().UnixMilli()).Scan(&state.Unfinished, &state.Sessions)
	if err != nil {
		return state, err
	}
	state.FreeBytes, err = sqlitedb.FreeDisk(filepath.Dir(s.path))
	state.Bytes = sizeOf(s.path, &err)
	state.LogBytes = sizeOf(s.path+"-wal", &err)
	return state, err
}

// sizeOf returns the size of a file, which is 0 if it does not exist.
func sizeOf(path string, failed *error) int64 {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0
	}
	if err != nil {
		*failed = errors.Join(*failed, err)
		return 0
	}
	return info.Size()
}
