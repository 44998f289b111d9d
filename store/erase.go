package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"meetdesk/meeting"
	"meetdesk/store/compact"
)

// eraseSubject describes the person to erase. The task stores it until the person has been
// removed from all tables.
type eraseSubject struct {
	IDs       []int64  `json:"ids"` // the IDs of all users with the person's UPN, or of one user without a UPN
	UPNs      []string `json:"upns"`
	ObjectIDs []string `json:"object_ids"`
	Names     []string `json:"names"`
	Texts     []string `json:"texts"` // further names and addresses
	attends   int      // how many times the person is listed as an attendee
}

// EraseRequest identifies the person to erase.
type EraseRequest struct {
	UserID  int64    // the ID of the person; 0 for a person who was only invited
	Address string   // the address of a person who was only invited
	Texts   []string // further names and addresses to replace
}

// subjectOf returns the names, addresses and IDs under which the person is recorded.
func (s *Store) subjectOf(ctx context.Context, r EraseRequest) (e eraseSubject, err error) {
	e.Texts = r.Texts
	address := r.Address
	if r.UserID != 0 {
		u, err := s.User(ctx, r.UserID)
		if err != nil {
			return e, err
		}
		if address = u.UPN; address == "" {
			e.IDs, e.ObjectIDs, e.Names = []int64{u.ID}, []string{u.ObjectID}, []string{u.Name}
		}
	}
	if address != "" {
		e.UPNs = []string{address}
	}
	users := `SELECT id, oid, name FROM users WHERE ` + s.engine.equalFold("upn", "$1") + ` AND $1 <> ''`
	if err := s.eachText(ctx, users, []any{address}, func(id int64, oid, name string) {
		e.IDs, e.ObjectIDs, e.Names = append(e.IDs, id), append(e.ObjectIDs, oid), append(e.Names, name)
	}); err != nil {
		return e, fmt.Errorf("whom to erase: %w", err)
	}
	bothForms := slices.Clone(e.ObjectIDs)
	for _, id := range e.ObjectIDs {
		bothForms = append(bothForms, compact.ShortGUID(id))
	}
	list, args := placesFor(bothForms, []any{address})
	attendees := `SELECT count(*), object_id, name FROM attendees WHERE ` + s.engine.equalFold("upn", "$1") + ` AND $1 <> '' OR object_id <> '' AND object_id IN (` + list + `) GROUP BY object_id, name`
	err = s.eachText(ctx, attendees, args, func(n int64, oid, name string) {
		e.attends += int(n)
		e.ObjectIDs, e.Names = append(e.ObjectIDs, compact.FullGUID(oid)), append(e.Names, name)
	})
	if err != nil {
		return e, fmt.Errorf("whom to erase: %w", err)
	}
	for _, list := range []*[]string{&e.ObjectIDs, &e.Names} {
		*list = slices.DeleteFunc(*list, func(text string) bool { return strings.TrimSpace(text) == "" })
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return e, nil
}

func (s *Store) eachText(ctx context.Context, q string, args []any, do func(id int64, oid, name string)) error {
	rows, err := s.read.QueryContext(ctx, q, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var (
			id        int64
			oid, name string
		)
		if err := rows.Scan(&id, &oid, &name); err != nil {
			return err
		}
		do(id, oid, name)
	}
	return rows.Err()
}

// placesFor returns the contents of an IN list and the arguments with the values appended.
// The list contains placeholders for the values, preceded by NULL, so that a list without
// values is valid and matches no row.
func placesFor[T any](values []T, args []any) (list string, all []any) {
	places := []string{"NULL"}
	for _, value := range values {
		args = append(args, value)
		places = append(places, "$"+strconv.Itoa(len(args)))
	}
	return strings.Join(places, ", "), args
}

// planLimit is the maximum time that PlanErase spends searching text.
const planLimit = 3 * time.Second

// PlanErase counts the records in which the person appears. If the text search takes
// longer than planLimit, Texts is incomplete and TextsAll is false.
func (s *Store) PlanErase(ctx context.Context, r EraseRequest) (plan meeting.ErasePlan, err error) {
	subject, err := s.subjectOf(ctx, r)
	if err != nil {
		return plan, err
	}
	plan.Person, plan.Attends = meeting.User{UPN: r.Address}, subject.attends
	if r.UserID != 0 {
		if plan.Person, err = s.User(ctx, r.UserID); err != nil {
			return plan, err
		}
	}
	list, args := placesFor(subject.IDs, nil)
	people := `(` + list + `)`
	counts := []struct {
		query string
		into  *int
	}{
		{`SELECT count(*) FROM meetings WHERE organizer_id IN ` + people, &plan.Organizes},
		{`SELECT count(*) FROM sessions WHERE user_id IN ` + people, &plan.Sessions},
		{`SELECT count(*) FROM notes WHERE user_id IN ` + people, &plan.Notes},
		{`SELECT count(*) FROM audit WHERE user_id IN ` + people, &plan.Entries},
		{`SELECT count(*) FROM meetings WHERE organizer_id IN ` + people + ` AND state = 'live' AND end_at > ` + fmt.Sprint(s.now().UnixMilli()), &plan.Upcoming},
	}
	for _, c := range counts {
		if err := s.read.QueryRowContext(ctx, c.query, args...).Scan(c.into); err != nil {
			return plan, fmt.Errorf("plan an erasure: %w", err)
		}
	}
	limited, cancel := context.WithTimeout(ctx, planLimit)
	defer cancel()
	scrub := s.newScrubber(subject, "erased", "erased")
	err = s.eachPersonal(limited, subject, scrub, func(_ *personalTable, _ personalRow, changes map[string]any) error {
		if len(changes) > 0 {
			plan.Texts++
		}
		return nil
	})
	plan.TextsAll = err == nil
	if limited.Err() != nil && ctx.Err() == nil {
		err = nil
	}
	return plan, err
}

// StartErase immediately ends the person's sessions, cancels their imports, deletes their
// tokens and anonymizes their user records. The rest of the erasure continues in the
// background, even after a restart. The pseudonym callback receives the task's ID and
// returns the person's new name. StartErase returns an Invalid error if byID, the
// administrator, is the person to erase.
func (s *Store) StartErase(ctx context.Context, byID int64, r EraseRequest, pseudonym func(int64) string) error {
	subject, err := s.subjectOf(ctx, r)
	if err != nil {
		return err
	}
	text, err := json.Marshal(subject)
	if err != nil {
		return err
	}
	if slices.Contains(subject.IDs, byID) {
		return &meeting.Error{Code: meeting.Invalid, Key: meeting.ReasonEraseSelf}
	}
	if len(subject.IDs)+len(subject.UPNs) == 0 {
		return errors.New("nobody to erase")
	}
	err = s.transact(ctx, func(tx *sql.Tx) error {
		const add = `INSERT INTO retention_tasks (kind, by_id, subject, created_at) VALUES ('erase', $1, $2, $3) RETURNING id`
		var id int64
		if err := tx.QueryRowContext(ctx, add, byID, string(text), s.now().UnixMilli()).Scan(&id); err != nil {
			return err
		}
		name := pseudonym(id)
		if _, err := tx.ExecContext(ctx, `UPDATE retention_tasks SET name = $1 WHERE id = $2`, name, id); err != nil {
			return err
		}
		for _, userID := range subject.IDs {
			const cancel = `UPDATE imports SET state = 'cancelled', reason = '', grant_id = NULL, finished_at = $1 WHERE user_id = $2 AND state IN ('draft', 'running', 'paused')`
			if _, err := tx.ExecContext(ctx, cancel, s.now().UnixMilli(), userID); err != nil {
				return err
			}
			if err := s.endSessions(ctx, tx, endedErased, `user_id = $1`, userID); err != nil {
				return err
			}
			const hide = `UPDATE users SET name = $1, upn = '', oid = 'erased-' || id, role = 'none', time_zone = '', language = '', theme = '', duration_minutes = 0, signed_in_at = NULL, seen_at = NULL WHERE id = $2`
			if _, err := tx.ExecContext(ctx, hide, name, userID); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `DELETE FROM waits WHERE user_id = $1`, userID); err != nil {
				return err
			}
		}
		if err := deleteOrphans(ctx, tx); err != nil { // tokens that only an import used
			return err
		}
		return insertAudit(ctx, tx, s.now(), byID, AuditErase, 0, name)
	})
	if err != nil {
		return fmt.Errorf("start an erasure: %w", err)
	}
	s.wakeRetention()
	return nil
}
