package main

import (
	"path/filepath"
	"testing"
)

func TestReadLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "some.db")
	if l, err := readLog(path + "-wal"); err != nil || l != (writeLog{}) {
		t.Fatalf("no log: %+v, %v; want an empty one", l, err)
	}
	db, err := openDatabase(path, "_pragma=journal_mode(WAL)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	run := func(q string) {
		t.Helper()
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	read := func() writeLog {
		t.Helper()
		l, err := readLog(path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return l
	}

	run(`CREATE TABLE t (x)`)
	first := read()
	run(`INSERT INTO t VALUES (1)`)
	run(`BEGIN; INSERT INTO t VALUES (2); INSERT INTO t VALUES (3); COMMIT`)
	run(`BEGIN; INSERT INTO t VALUES (4); ROLLBACK`)
	run(`SELECT * FROM t`)
	second := read()
	if second.generation != first.generation || second.commits-first.commits != 2 || second.pages-first.pages != 2 {
		t.Errorf("from %+v to %+v: want 2 commits and 2 pages more", first, second)
	}

	run(`PRAGMA wal_checkpoint(FULL)`)
	run(`INSERT INTO t VALUES (5)`)
	if third := read(); third.generation == second.generation || third.commits != 1 {
		t.Errorf("after a checkpoint %+v, before it %+v: want a new generation with 1 commit", third, second)
	}
}
