package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"meetdesk/meeting"
)

// isOpen is an SQL condition that is true if session s expires after time $1 and was last
// used after time $2.
const isOpen = `s.expires_at > $1 AND s.used_at > $2`

const openSessions = `SELECT s.id, s.address, s.browser, s.created_at, s.used_at, s.expires_at
	FROM sessions s WHERE ` + isOpen + ` AND s.user_id = $3 ORDER BY s.used_at DESC, s.id DESC`

// OpenSessions returns the person's open sessions, most recently used first. Sessions that
// have been idle for longer than the given time do not count as open. The returned sessions
// do not include the person or the grant.
func (s *Store) OpenSessions(ctx context.Context, userID int64, idle time.Duration) (list []Session, err error) {
	now := s.now()
	rows, err := s.read.QueryContext(ctx, openSessions, now.UnixMilli(), now.Add(-idle).UnixMilli(), userID)
	if err != nil {
		return nil, fmt.Errorf("sessions of user %d: %w", userID, err)
	}
	defer rows.Close()
	for rows.Next() {
		var (
			session                Session
			created, used, expires sql.NullInt64
		)
		if err := rows.Scan(&session.ID, &session.Address, &session.Browser, &created, &used, &expires); err != nil {
			return nil, fmt.Errorf("sessions of user %d: %w", userID, err)
		}
		session.CreatedAt, session.UsedAt, session.ExpiresAt = fromMillis(created), fromMillis(used), fromMillis(expires)
		list = append(list, session)
	}
	return list, rows.Err()
}

// EndOwnSession ends one of the person's sessions and pauses the imports that were started
// in it. It does nothing if the session has ended or belongs to another user.
func (s *Store) EndOwnSession(ctx context.Context, userID, sessionID int64) error {
	return s.transact(ctx, func(tx *sql.Tx) error {
		if err := s.pauseImports(ctx, tx, 0, meeting.ReasonImportSessionEnded, grantOfSession, userID, sessionID); err != nil {
			return err
		}
		return s.endSessions(ctx, tx, endedOther, `user_id = $1 AND id = $2`, userID, sessionID)
	})
}

// grantOfSession is an SQL condition that is true if an import uses the grant of user $1's
// session $2.
const grantOfSession = `grant_id IN (SELECT grant_id FROM sessions WHERE user_id = $1 AND id = $2)`

// EndOtherSessions ends all of the person's sessions except the given one. It pauses the
// imports that were started in other sessions.
func (s *Store) EndOtherSessions(ctx context.Context, userID, except int64) error {
	return s.transact(ctx, func(tx *sql.Tx) error {
		if err := s.pauseImports(ctx, tx, 0, meeting.ReasonImportSessionEnded, `user_id = $1 AND grant_id NOT IN (SELECT grant_id FROM sessions WHERE id = $2)`, userID, except); err != nil {
			return err
		}
		return s.endSessions(ctx, tx, endedOther, `user_id = $1 AND id <> $2`, userID, except)
	})
}

// SignOutPerson ends one of a person's sessions on behalf of an administrator, or all of
// them if sessionID is 0. It deletes the tokens of the ended sessions, pauses the imports
// that use these tokens, and records the administrator and the person in the audit log.
func (s *Store) SignOutPerson(ctx context.Context, adminID, userID, sessionID int64) error {
	err := s.transact(ctx, func(tx *sql.Tx) error {
		const where = `user_id = $1 AND (id = $2 OR $2 = 0)`
		if err := s.pauseImports(ctx, tx, adminID, meeting.ReasonImportRevoked, `(`+grantOfSession+` OR user_id = $1 AND $2 = 0)`, userID, sessionID); err != nil {
			return err
		}
		users, err := usersOfSessions(ctx, tx, where, userID, sessionID)
		if err != nil {
			return err
		}
		if len(users) == 0 && sessionID != 0 {
			return nil // the session has already ended
		}
		upn, err := upnOf(ctx, tx, userID)
		if err != nil {
			return err
		}
		entry := auditEntry{at: s.now(), userID: adminID, action: AuditEndSessions, detail: upn, address: addressIn(ctx),
			count: sql.NullInt64{Int64: int64(len(users)), Valid: true}}
		if err := insertEntry(ctx, tx, entry); err != nil {
			return err
		}
		if len(users) == 0 {
			return deleteOrphans(ctx, tx) // a paused import may have left tokens
		}
		return s.endSessions(ctx, tx, endedAdmin, where, userID, sessionID)
	})
	if err != nil {
		return fmt.Errorf("sign out user %d: %w", userID, err)
	}
	return nil
}

// SeenPerson is a person who has used the desk.
type SeenPerson struct {
	User     meeting.User
	SeenAt   time.Time
	Sessions int // the number of the person's open sessions
}

// PeoplePage identifies a page of the list that PeopleSeen returns. The zero value is the
// first page.
type PeoplePage struct {
	SeenAt time.Time // when the last person on the previous page was last seen
	ID     int64
}

var peopleSeen = `SELECT ` + userColumns + `, u.seen_at, (SELECT count(*) FROM sessions s WHERE s.user_id = u.id AND ` + isOpen + `)
	FROM users u WHERE u.seen_at IS NOT NULL AND u.seen_at <= $3 AND (u.seen_at < $3 OR u.id < $4) ORDER BY u.seen_at DESC, u.id DESC`

// PeopleSeen returns the users of the desk whom the matches callback accepts, most recently
// seen first, up to the given limit. The second result reports whether there are more such
// users.
func (s *Store) PeopleSeen(ctx context.Context, page PeoplePage, limit int, idle time.Duration, matches func(meeting.User) bool) (list []SeenPerson, more bool, err error) {
	now := s.now()
	until := page.SeenAt
	if until.IsZero() {
		until = now.Add(24 * time.Hour) // later than any recorded time, even if the clock has been set back by a few hours
	}
	rows, err := s.read.QueryContext(ctx, peopleSeen, now.UnixMilli(), now.Add(-idle).UnixMilli(), until.UnixMilli(), page.ID)
	if err != nil {
		return nil, false, fmt.Errorf("people: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		person, err := scanSeen(rows)
		if err != nil {
			return nil, false, fmt.Errorf("people: %w", err)
		}
		if !matches(person.User) {
			continue
		}
		if len(list) == limit {
			return list, true, nil
		}
		list = append(list, person)
	}
	return list, false, rows.Err()
}

func scanSeen(row scanner) (p SeenPerson, err error) {
	var seen sql.NullInt64
	p.User, err = scanUser(row, &seen, &p.Sessions)
	p.SeenAt = fromMillis(seen)
	return p, err
}

// PersonSeen returns the time at which the person last used the desk, or the zero time if
// the person has never signed in.
func (s *Store) PersonSeen(ctx context.Context, userID int64) (time.Time, error) {
	var seen sql.NullInt64
	if err := s.read.QueryRowContext(ctx, `SELECT seen_at FROM users WHERE id = $1`, userID).Scan(&seen); err != nil {
		return time.Time{}, fmt.Errorf("user %d: %w", userID, err)
	}
	return fromMillis(seen), nil
}
