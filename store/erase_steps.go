package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// An erasure runs these steps after it has processed all tables in personalTables. They
// delete the task's description of the person and remove deleted words from the full-text
// index. With SQLite, they also overwrite the free pages and empty the write-ahead log.
const (
	stepSubject = iota
	stepMergeAll
	stepMerge
	stepFill
	stepEmpty
	stepForget
)

// erasedAtOnce is the maximum number of rows that one transaction of an erasure changes.
const erasedAtOnce = 20

// saveInterval is the maximum time that an erasure searches before it saves its position.
const saveInterval = 2 * time.Second

// continueErasure carries out the next part of an erasure. It returns how long that part
// blocked other writers.
func (s *Store) continueErasure(ctx context.Context, t retentionTask) (wrote time.Duration, err error) {
	if tables := personalTables(); t.step < len(tables) {
		var subject eraseSubject
		if err := json.Unmarshal([]byte(t.subject), &subject); err != nil {
			return 0, fmt.Errorf("erasure %d: %w", t.id, err)
		}
		return s.eraseIn(ctx, &t, &tables[t.step], s.newScrubber(subject, t.name, fmt.Sprintf("erased-%d", t.id)))
	}
	begun := time.Now()
	err = s.removeTraces(ctx, t)
	return time.Since(begun), err
}

// removeTraces carries out the next part of an erasure that has processed all tables.
func (s *Store) removeTraces(ctx context.Context, t retentionTask) error {
	switch t.step - len(personalTables()) {
	case stepSubject:
		return s.nextStep(ctx, t, func(tx *sql.Tx) (bool, error) { return true, forgetSubject(ctx, tx, t.id) })
	case stepMergeAll:
		return s.nextStep(ctx, t, func(tx *sql.Tx) (bool, error) { return true, s.index.MergeAll(ctx, tx, mergePages) })
	case stepMerge:
		return s.nextStep(ctx, t, func(tx *sql.Tx) (bool, error) { return s.index.Merge(ctx, tx, mergePages) })
	case stepFill:
		return s.nextStep(ctx, t, func(tx *sql.Tx) (bool, error) { return s.engine.fillFreePages(ctx, tx) })
	case stepEmpty:
		return s.nextStep(ctx, t, func(tx *sql.Tx) (bool, error) { return s.engine.emptyFiller(ctx, tx) })
	case stepForget:
		if err := s.engine.forgetDeleted(ctx); err != nil {
			s.log.WarnContext(ctx, "what was erased may still be in files", "error", err)
		}
	}
	return s.transactUnlisted(ctx, func(tx *sql.Tx) error {
		if err := checkTask(ctx, tx, t); err != nil {
			return err
		}
		return s.endTask(ctx, tx, t, AuditErased, t.name)
	})
}

// eraseIn continues the erasure in one table. It looks for rows to change without blocking
// writers. One transaction then changes these rows and saves the erasure's position.
func (s *Store) eraseIn(ctx context.Context, t *retentionTask, table *personalTable, scrub *scrubber) (wrote time.Duration, err error) {
	if table.name == "audit" { // entries that are still in the queue may name the person
		if err := s.FlushAudit(ctx); err != nil {
			return 0, err
		}
	}
	before := *t
	found, err := s.findPersonal(ctx, t, table, scrub)
	if err != nil {
		return 0, err
	}
	transact := s.transact
	if len(found) == 0 {
		transact = s.transactUnlisted
	}
	begun := time.Now()
	err = transact(ctx, func(tx *sql.Tx) error {
		if err := checkTask(ctx, tx, before); err != nil {
			return err
		}
		if err := s.eraseRows(ctx, tx, t, table, scrub, found); err != nil {
			return err
		}
		return saveTask(ctx, tx, *t)
	})
	return time.Since(begun), err
}

// findPersonal advances the task's position in the table and returns the places of the
// rows that the erasure must change. It stops after finding erasedAtOnce rows, after
// saveInterval, or at the end of the table.
func (s *Store) findPersonal(ctx context.Context, t *retentionTask, table *personalTable, scrub *scrubber) (found []place, err error) {
	for begun := time.Now(); time.Since(begun) < saveInterval; {
		var rows []personalRow
		if !table.neverChanges() {
			if rows, err = table.rows(ctx, s.read, t.after, personalAtOnce); err != nil {
				return nil, err
			}
		}
		for _, row := range rows {
			t.after = table.placeOf(row)
			changes, err := table.changes(scrub, row)
			if err != nil {
				return nil, err
			}
			if len(changes) > 0 || table.reindexes(scrub, row) {
				if found = append(found, t.after); len(found) == erasedAtOnce {
					return found, nil
				}
			}
		}
		if len(rows) < personalAtOnce {
			t.step, t.after = t.step+1, place{}
			break
		}
	}
	return found, nil
}

// reindexes reports whether the row is a meeting that the person organizes. Such a meeting
// must be indexed again because its full-text entry contains their name.
func (t *personalTable) reindexes(s *scrubber, row personalRow) bool {
	return t.name == "meetings" && slices.Contains(s.subject.IDs, row.id("organizer_id"))
}

func (s *Store) eraseRows(ctx context.Context, tx *sql.Tx, t *retentionTask, table *personalTable, scrub *scrubber, found []place) error {
	opens := len(found) > 0 && (table.append || table.name == "attempts")
	if opens {
		if err := openRetention(ctx, tx, "erase", 0); err != nil {
			return err
		}
	}
	changed := make(map[int64]bool) // the IDs of meetings to index again
	for _, at := range found {
		rows, err := table.at(ctx, tx, at) // the row may have changed since it was found
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := s.eraseRow(ctx, tx, t, table, scrub, row, changed); err != nil {
				return err
			}
		}
	}
	if opens {
		if err := closeRetention(ctx, tx); err != nil {
			return err
		}
	}
	for id := range changed {
		if err := s.index.Update(ctx, tx, id); err != nil {
			return err
		}
	}
	t.doneMeetings += len(changed)
	return nil
}

// eraseRow removes the person from one row. If this affects a meeting's entry in the
// full-text index, eraseRow adds the meeting's ID to changed.
func (s *Store) eraseRow(ctx context.Context, tx *sql.Tx, t *retentionTask, table *personalTable, scrub *scrubber, row personalRow, changed map[int64]bool) error {
	changes, err := table.changes(scrub, row)
	if err != nil {
		return err
	}
	if table.name == "attempts" && len(changes) > 0 {
		if err := s.storeWhole(ctx, tx, row.id("id")); err != nil {
			return fmt.Errorf("replies to attempt %d: %w", row.id("id"), err)
		}
	}
	if err := table.update(ctx, tx, row, changes); err != nil {
		return fmt.Errorf("%s: %w", table.name, err)
	}
	switch {
	case table.name == "meetings" && (len(changes) > 0 || table.reindexes(scrub, row)):
		changed[row.id("id")] = true
	case table.name == "attendees" && len(changes) > 0:
		changed[row.id("meeting_id")] = true
	case table.name == "audit" && len(changes) > 0:
		t.doneEntries++
	}
	return nil
}

// storeWhole stores the replies to an attempt in full. A packed reply omits data that the
// attempt's request contains, so it could not be unpacked once the erasure has changed
// the request.
func (s *Store) storeWhole(ctx context.Context, tx *sql.Tx, attemptID int64) error {
	type reply struct {
		id  int64
		raw []byte
	}
	var list []reply
	rows, err := tx.QueryContext(ctx, `SELECT r.id, r.packed, a.asked, a.asked_packed FROM replies r JOIN attempts a ON a.id = r.attempt_id WHERE r.attempt_id = $1 AND r.packed IS NOT NULL`, attemptID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var (
			r                   reply
			packed, packedAsked []byte
			text                string
		)
		if err := rows.Scan(&r.id, &packed, &text, &packedAsked); err != nil {
			return err
		}
		asked, err := askedText(text, packedAsked)
		if err == nil {
			r.raw, err = s.packer.Unpack(packed, asked)
		}
		if err != nil {
			return err
		}
		list = append(list, r)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, r := range list {
		packed, err := s.packer.Pack(r.raw, nil)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE replies SET packed = $1 WHERE id = $2`, packed, r.id); err != nil {
			return err
		}
	}
	return nil
}

func (t *personalTable) update(ctx context.Context, tx *sql.Tx, row personalRow, changes map[string]any) error {
	if len(changes) == 0 {
		return nil
	}
	var (
		set, where []string
		args       []any
	)
	place := func(value any) string {
		args = append(args, value)
		return fmt.Sprintf("$%d", len(args))
	}
	for _, column := range slices.Sorted(maps.Keys(changes)) {
		set = append(set, column+" = "+place(changes[column]))
	}
	for _, key := range t.keys {
		where = append(where, key+" = "+place(row[key]))
	}
	_, err := tx.ExecContext(ctx, `UPDATE `+t.name+` SET `+strings.Join(set, ", ")+` WHERE `+strings.Join(where, " AND "), args...)
	return err
}

// forgetSubject deletes the description of the erased person from the task. It runs before
// the steps that overwrite deleted data so that they overwrite the description too.
func forgetSubject(ctx context.Context, tx *sql.Tx, taskID int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE retention_tasks SET subject = '' WHERE id = $1`, taskID)
	return err
}

// nextStep calls the given function, which performs part of a step. If the function
// returns true, nextStep advances the task to the next step.
func (s *Store) nextStep(ctx context.Context, t retentionTask, do func(*sql.Tx) (done bool, err error)) error {
	return s.transactUnlisted(ctx, func(tx *sql.Tx) error {
		if err := checkTask(ctx, tx, t); err != nil {
			return err
		}
		done, err := do(tx)
		if err != nil {
			return err
		}
		if done {
			t.step++
		}
		return saveTask(ctx, tx, t)
	})
}
