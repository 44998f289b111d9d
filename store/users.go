package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"meetdesk/meeting"
)

var userColumns = userFields(new(meeting.User)).of("u")

func userFields(u *meeting.User) columns {
	return columns{
		{"id", &u.ID},
		{"tid", &u.TenantID},
		{"oid", &u.ObjectID},
		{"upn", &u.UPN},
		{"name", &u.Name},
		{"role", storedRole{&u.Role}},
		{"time_zone", &u.TimeZone},
		{"duration_minutes", &u.Minutes},
		{"language", &u.Language},
		{"theme", &u.Theme},
	}
}

// scanUser reads a user from a row that begins with userColumns. It scans any further
// columns into the additional targets.
func scanUser(row scanner, more ...any) (u meeting.User, err error) {
	err = row.Scan(append(values(userFields(&u)), more...)...)
	return u, err
}

// scanner is implemented by *sql.Row and *sql.Rows.
type scanner interface{ Scan(...any) error }

// upsertUser stores a user as reported by the identity provider and returns the stored
// user. If the role has changed, upsertUser adds an audit entry.
func (s *Store) upsertUser(ctx context.Context, tx *sql.Tx, u meeting.User) (meeting.User, error) {
	const (
		upsert = `INSERT INTO users (tid, oid, upn, name, role, language, created_at, signed_in_at, seen_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $7)
			ON CONFLICT (tid, oid) DO UPDATE
			SET upn = excluded.upn, name = excluded.name, role = excluded.role, signed_in_at = excluded.signed_in_at, seen_at = excluded.seen_at,
				language = coalesce(nullif(users.language, ''), excluded.language)`
	)
	u.TenantID, u.ObjectID = storedKey(u)
	before, err := findUser(ctx, tx, u)
	if err != nil {
		return u, fmt.Errorf("user %s: %w", u.ObjectID, err)
	}
	if _, err := tx.ExecContext(ctx, upsert, u.TenantID, u.ObjectID, u.UPN, u.Name, u.Role.String(), u.Language, s.now().UnixMilli()); err != nil {
		return u, fmt.Errorf("user %s: %w", u.ObjectID, err)
	}
	saved, err := findUser(ctx, tx, u)
	if err == nil {
		err = s.indexIfRenamed(ctx, tx, before, saved)
	}
	if err == nil && before.Role != saved.Role {
		err = insertAudit(ctx, tx, s.now(), saved.ID, AuditRole, 0, before.Role.String()+" → "+saved.Role.String())
	}
	if err != nil {
		return u, fmt.Errorf("user %s: %w", u.ObjectID, err)
	}
	return saved, nil
}

func findUser(ctx context.Context, tx *sql.Tx, u meeting.User) (meeting.User, error) {
	q := `SELECT ` + userColumns + ` FROM users u WHERE u.tid = $1 AND u.oid = $2`
	known, err := scanUser(tx.QueryRowContext(ctx, q, u.TenantID, u.ObjectID))
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return known, err
}

func (s *Store) indexIfRenamed(ctx context.Context, tx *sql.Tx, before, now meeting.User) error {
	if before.ID == 0 || before.Name == now.Name && before.UPN == now.UPN {
		return nil
	}
	return s.indexRenamed(ctx, tx, now.ID)
}

// User returns the user with the given ID, or a NotFound error.
func (s *Store) User(ctx context.Context, id int64) (meeting.User, error) {
	q := `SELECT ` + userColumns + ` FROM users u WHERE u.id = $1`
	u, err := scanUser(s.read.QueryRowContext(ctx, q, id))
	if errors.Is(err, sql.ErrNoRows) {
		return u, &meeting.Error{Code: meeting.NotFound, Key: meeting.ReasonPageUnknown, Err: err}
	}
	if err != nil {
		return u, fmt.Errorf("user %d: %w", id, err)
	}
	return u, nil
}

// Preferences are a user's settings. A nil field leaves the setting unchanged, and ""
// deletes it.
type Preferences struct{ Language, Theme, TimeZone *string }

// Prefer stores the user's preferences. It returns an error for an unknown theme, but does
// not check the other values.
func (s *Store) Prefer(ctx context.Context, userID int64, p Preferences) error {
	const q = `UPDATE users SET language = coalesce($1, language), theme = coalesce($2, theme), time_zone = coalesce($3, time_zone) WHERE id = $4`
	if _, err := s.aside.ExecContext(ctx, q, p.Language, p.Theme, p.TimeZone, userID); err != nil {
		return fmt.Errorf("preferences of user %d: %w", userID, err)
	}
	return nil
}

// Organizer stores a user, who may never have signed in, and returns the stored user. An
// empty UPN or name does not replace a stored one.
func (s *Store) Organizer(ctx context.Context, u meeting.User) (saved meeting.User, err error) {
	const (
		upsert = `INSERT INTO users (tid, oid, upn, name, created_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (tid, oid) DO UPDATE SET upn = coalesce(nullif(excluded.upn, ''), users.upn), name = coalesce(nullif(excluded.name, ''), users.name)`
	)
	u.TenantID, u.ObjectID = storedKey(u)
	err = s.transact(ctx, func(tx *sql.Tx) (err error) {
		before, err := findUser(ctx, tx, u)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, upsert, u.TenantID, u.ObjectID, u.UPN, u.Name, s.now().UnixMilli()); err != nil {
			return err
		}
		if saved, err = findUser(ctx, tx, u); err != nil {
			return err
		}
		return s.indexIfRenamed(ctx, tx, before, saved)
	})
	if err != nil {
		return u, fmt.Errorf("organizer %s: %w", u.ObjectID, err)
	}
	return saved, nil
}

// UserByUPN returns the user with the given UPN, ignoring case, or a NotFound error. If
// several users have the UPN, it returns the most recently added one.
func (s *Store) UserByUPN(ctx context.Context, upn string) (meeting.User, error) {
	q := `SELECT ` + userColumns + ` FROM users u WHERE ` + s.engine.equalFold("u.upn", "$1") + ` ORDER BY u.id DESC LIMIT 1`
	u, err := scanUser(s.read.QueryRowContext(ctx, q, upn))
	if errors.Is(err, sql.ErrNoRows) {
		return u, &meeting.Error{Code: meeting.NotFound, Key: meeting.ReasonPageUnknown, Err: err}
	}
	if err != nil {
		return u, fmt.Errorf("user %s: %w", upn, err)
	}
	return u, nil
}
