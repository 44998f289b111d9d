package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"meetdesk/meeting"
)

// Session is one person's sign-in in one browser.
type Session struct {
	ID        int64 // never reused
	User      meeting.User
	GrantID   int64
	SID       string // the ID of the session at the provider
	Address   string // the client's last known address; "" if unknown
	Browser   string // the names of the browser and the operating system; "" if unknown
	CreatedAt time.Time
	UsedAt    time.Time
	ExpiresAt time.Time
	CheckedAt time.Time // when the provider last issued tokens for the grant
}

// maxSessions is the maximum number of sessions per person. A further sign-in ends the
// least recently used session.
const maxSessions = 20

// SignIn stores the person, their tokens and a new session. If the person then has more than
// maxSessions sessions, SignIn ends the least recently used ones. It also deletes everyone's
// expired sessions. hash is the hash of the session ID. The audit log records the sign-in
// and any change of the person's role.
func (s *Store) SignIn(ctx context.Context, u meeting.User, t Tokens, hash []byte, sid string, lifetime time.Duration) (Session, error) {
	now := s.now()
	session := Session{SID: sid, Address: addressIn(ctx), Browser: browserIn(ctx), CreatedAt: now, UsedAt: now, ExpiresAt: now.Add(lifetime)}
	err := s.transact(ctx, func(tx *sql.Tx) (err error) {
		if session.User, err = s.upsertUser(ctx, tx, u); err != nil {
			return err
		}
		if err := insertAudit(ctx, tx, now, session.User.ID, AuditSignIn, 0, u.Role.String()); err != nil {
			return err
		}
		if session.GrantID, err = s.insertGrant(ctx, tx, session.User.ID, t); err != nil {
			return err
		}
		const q = `INSERT INTO sessions (hash, user_id, grant_id, sid, address, browser, created_at, used_at, expires_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8) RETURNING id`
		if err := tx.QueryRowContext(ctx, q, hash, session.User.ID, session.GrantID, sid, session.Address, session.Browser,
			now.UnixMilli(), session.ExpiresAt.UnixMilli()).Scan(&session.ID); err != nil {
			return fmt.Errorf("session of user %d: %w", session.User.ID, err)
		}
		const surplus = `user_id = $1 AND hash <> $2 AND hash NOT IN (SELECT hash FROM sessions WHERE user_id = $1 AND hash <> $2 ORDER BY used_at DESC LIMIT $3)`
		if err := s.endSessions(ctx, tx, endedSurplus, surplus, session.User.ID, hash, maxSessions-1); err != nil {
			return err
		}
		return deleteSessions(ctx, tx, `expires_at <= $1`, now.UnixMilli())
	})
	return session, err
}

// Session returns the session with the given hash. It returns an Unauthorized error if
// there is no such session, or if the session has expired or been idle for longer than the
// given time.
func (s *Store) Session(ctx context.Context, hash []byte, idle time.Duration) (Session, error) {
	q := `SELECT ` + userColumns + `, s.id, s.grant_id, s.sid, s.address, s.browser, s.created_at, s.used_at, s.expires_at,
			(SELECT g.updated_at FROM grants g WHERE g.id = s.grant_id)
		FROM sessions s JOIN users u ON u.id = s.user_id
		WHERE s.hash = $1 AND s.expires_at > $2 AND s.used_at > $3`
	var (
		session                         Session
		created, used, expires, checked sql.NullInt64
		now                             = s.now()
		err                             error
	)
	session.User, err = scanUser(s.read.QueryRowContext(ctx, q, hash, now.UnixMilli(), now.Add(-idle).UnixMilli()),
		&session.ID, &session.GrantID, &session.SID, &session.Address, &session.Browser, &created, &used, &expires, &checked)
	if errors.Is(err, sql.ErrNoRows) {
		return session, &meeting.Error{Code: meeting.Unauthorized, Key: meeting.ReasonSignInExpired, Err: err}
	}
	if err != nil {
		return session, fmt.Errorf("session: %w", err)
	}
	session.CreatedAt, session.UsedAt, session.ExpiresAt = fromMillis(created), fromMillis(used), fromMillis(expires)
	session.CheckedAt = fromMillis(checked)
	return session, nil
}

// TouchSession records the current time as the last use of the session and the last
// activity of its person. It also records the client's address, if it is known.
func (s *Store) TouchSession(ctx context.Context, hash []byte) error {
	now := s.now().UnixMilli()
	err := s.transactUnlisted(ctx, func(tx *sql.Tx) error {
		const touch = `UPDATE sessions SET used_at = $1, address = coalesce(nullif($2, ''), address) WHERE hash = $3`
		if _, err := tx.ExecContext(ctx, touch, now, addressIn(ctx), hash); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE users SET seen_at = $1 WHERE id = (SELECT user_id FROM sessions WHERE hash = $2)`, now, hash)
		return err
	})
	if err != nil {
		return fmt.Errorf("touch session: %w", err)
	}
	return nil
}

// SessionEnd is the reason why a session ended before it expired.
type SessionEnd string

// The values are recorded in the audit log.
const (
	SignedOut     SessionEnd = ""                // the person signed out
	SignedInAgain SessionEnd = "signed in again" // a user signed in with the same browser
	endedSurplus  SessionEnd = "too many"        // the person had more than maxSessions
	endedOther    SessionEnd = "other session"   // the person ended it from another session
	endedErased   SessionEnd = "erased"          // the person was erased
	endedAdmin    SessionEnd = "administrator"   // an administrator signed the person out
	endedProvider SessionEnd = "provider"        // the person signed out at the provider
	endedGrant    SessionEnd = "refused"         // the provider no longer accepts the sign-in
)

// EndSession deletes the session, and its tokens if they are no longer used. The audit log
// records the person and the reason.
func (s *Store) EndSession(ctx context.Context, hash []byte, why SessionEnd) error {
	return s.transact(ctx, func(tx *sql.Tx) error { return s.endSessions(ctx, tx, why, `hash = $1`, hash) })
}

// EndProviderSession deletes all sessions with the given provider session ID. It handles
// front-channel sign-out requests.
func (s *Store) EndProviderSession(ctx context.Context, sid string) error {
	// Front-channel requests are not authenticated, so a request with an unknown session ID
	// must not take the write lock.
	var known bool
	if err := s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sessions WHERE sid <> '' AND sid = $1)`, sid).Scan(&known); err != nil || !known {
		return err
	}
	return s.transact(ctx, func(tx *sql.Tx) error { return s.endSessions(ctx, tx, endedProvider, `sid <> '' AND sid = $1`, sid) })
}

func (s *Store) endSessions(ctx context.Context, tx *sql.Tx, why SessionEnd, where string, args ...any) error {
	users, err := usersOfSessions(ctx, tx, where, args...)
	if err != nil || len(users) == 0 {
		return err
	}
	for _, userID := range users {
		if err := insertAudit(ctx, tx, s.now(), userID, AuditSignOut, 0, string(why)); err != nil {
			return err
		}
	}
	return deleteSessions(ctx, tx, where, args...)
}

func usersOfSessions(ctx context.Context, tx *sql.Tx, where string, args ...any) (users []int64, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT user_id FROM sessions WHERE `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("end sessions: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var userID int64
		if err := rows.Scan(&userID); err != nil {
			return nil, fmt.Errorf("end sessions: %w", err)
		}
		users = append(users, userID)
	}
	return users, rows.Err()
}

func deleteSessions(ctx context.Context, tx *sql.Tx, where string, args ...any) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM sessions WHERE `+where, args...); err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	return deleteOrphans(ctx, tx)
}

func deleteOrphans(ctx context.Context, tx *sql.Tx) error {
	const orphans = `DELETE FROM grants WHERE NOT EXISTS (SELECT 1 FROM sessions s WHERE s.grant_id = grants.id)
		AND NOT EXISTS (SELECT 1 FROM imports i WHERE i.grant_id = grants.id)`
	if _, err := tx.ExecContext(ctx, orphans); err != nil {
		return fmt.Errorf("unused tokens: %w", err)
	}
	return nil
}
