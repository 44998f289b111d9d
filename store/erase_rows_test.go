package store

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"
)

// tomasNotes returns a store with 500 notes, every tenth of which names Tomás, and a task
// that erases him.
func tomasNotes(t *testing.T) (s *Store, task *retentionTask, notes *personalTable, scrub *scrubber) {
	t.Helper()
	s = openNew(t)
	for _, q := range []string{
		`INSERT INTO users (id, tid, oid, upn, name, role, created_at) VALUES (1, 't', 'o', 'u', 'n', 'staff', 0)`,
		`INSERT INTO meetings (id, organizer_id, maker_id, state, created_at, updated_at) VALUES (1, 1, 1, 'live', 0, 0)`,
		`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
			INSERT INTO notes (id, meeting_id, user_id, kind, body, created_at) SELECT i, 1, 1, 'note', iif(i % 10 = 0, 'for Tomás Oliveira', 'for Priya'), 0 FROM n`,
		`INSERT INTO retention_tasks (id, kind, subject, created_at) VALUES (1, 'erase', '{}', 0)`,
	} {
		if _, err := s.write.Exec(q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
	tables := personalTables()
	for i := range tables {
		if tables[i].name == "notes" {
			if _, err := s.write.Exec(`UPDATE retention_tasks SET step = $1`, i); err != nil {
				t.Fatal(err)
			}
			task, err := openTask(t.Context(), s.read)
			if err != nil {
				t.Fatal(err)
			}
			return s, &task, &tables[i], s.newScrubber(tomasHere, "NAME", "ID")
		}
	}
	t.Fatal("there is no table notes")
	return nil, nil, nil, nil
}

// Each transaction of an erasure changes up to 20 rows, even if they are far apart in the
// table.
func TestErasureChangesScatteredRowsTogether(t *testing.T) {
	s, task, notes, scrub := tomasNotes(t)
	step, transactions := task.step, 0
	for ; task.step == step; transactions++ {
		if _, err := s.eraseIn(t.Context(), task, notes, scrub); err != nil {
			t.Fatal(err)
		}
		if left := namedNotes(t, s); task.step == step && left != 50-erasedAtOnce*(transactions+1) {
			t.Fatalf("%d notes have the name after %d transactions", left, transactions+1)
		}
	}
	if left := namedNotes(t, s); left != 0 || transactions != 3 {
		t.Errorf("%d notes have the name after %d transactions, want none after 3", left, transactions)
	}
}

// An erasure does not undo changes that others made to a row between its search and its
// transaction.
func TestErasureReadsRowsAgain(t *testing.T) {
	s, task, notes, scrub := tomasNotes(t)
	found, err := s.findPersonal(t.Context(), task, notes, scrub)
	if err != nil || len(found) != erasedAtOnce {
		t.Fatalf("%d rows: %v", len(found), err)
	}
	for _, q := range []string{`UPDATE notes SET body = 'later, Tomás Oliveira' WHERE id = 10`, `DELETE FROM notes WHERE id = 20`} {
		if _, err := s.write.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	err = s.transact(t.Context(), func(tx *sql.Tx) error { return s.eraseRows(t.Context(), tx, task, notes, scrub, found) })
	if err != nil {
		t.Fatal(err)
	}
	var body string
	if err := s.read.QueryRow(`SELECT body FROM notes WHERE id = 10`).Scan(&body); err != nil || body != "later, NAME" {
		t.Errorf("the changed note is %q, %v", body, err)
	}
	if left := namedNotes(t, s); left != 30 {
		t.Errorf("%d notes have the name, want 30", left)
	}
}

func namedNotes(t *testing.T, s *Store) (n int) {
	t.Helper()
	if err := s.read.QueryRow(`SELECT count(*) FROM notes WHERE body LIKE '%Oliveira%'`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// The progress of an erasure rises from 0 to 100 per cent in proportion to the rows read.
// Computing it must not scan the tables.
func TestErasureProgress(t *testing.T) {
	s, task, _, _ := tomasNotes(t)
	read := func(step int, after int64) int {
		t.Helper()
		percent, err := s.erasureRead(t.Context(), step, after)
		if err != nil {
			t.Fatal(err)
		}
		return percent
	}
	at := task.step
	if first, some, half, next, end := read(0, 0), read(at, 0), read(at, 250), read(at+1, 0), read(len(personalTables()), 0); first != 0 || some > 1 || half != 50 || next != 100 || end != 100 {
		t.Errorf("%d, %d, %d, %d and %d per cent", first, some, half, next, end)
	}
	for _, table := range personalTables() {
		if steps := plan(t, s, table.selectHighest()); strings.Contains(steps, "SCAN") {
			t.Errorf("%s\nhas the plan\n%s", table.selectHighest(), steps)
		}
	}
	if tasks, err := s.RetentionTasks(t.Context(), 1); err != nil || len(tasks) != 1 || tasks[0].Read != 0 {
		t.Errorf("%+v, %v", tasks, err)
	}
	if _, err := s.write.Exec(fmt.Sprintf(`UPDATE retention_tasks SET step = %d, after = 250`, at)); err != nil {
		t.Fatal(err)
	}
	if tasks, err := s.RetentionTasks(t.Context(), 1); err != nil || tasks[0].Read != 50 {
		t.Errorf("%+v, %v, want 50 per cent", tasks, err)
	}
	if _, err := s.write.Exec(`UPDATE retention_tasks SET done_at = $1`, time.Now().UnixMilli()); err != nil {
		t.Fatal(err)
	}
	if tasks, err := s.RetentionTasks(t.Context(), 1); err != nil || tasks[0].Read != 0 {
		t.Errorf("%+v, %v: a task that is done has no progress", tasks, err)
	}
}
