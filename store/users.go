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

// scanUser reads userColumns, and further columns into more.
func scanUser(row scanner, more ...any) (u meeting.User, err error) {
	err = row.Scan(append(userFields(&u).values(), more...)...)
	return u, err
}

// scanner is a row, whether it is the only one or one of several.
type scanner interface{ Scan(...any) error }

// upsertUser keeps the person under tid + oid with what the provider says of
// them now, and returns the row with its preferences. The provider's language
// counts for whom none is remembered.
func (s *Store) upsertUser(ctx context.Context, tx *sql.Tx, u meeting.User) (meeting.User, error) {
	const (
		upsert = `INSERT INTO users (tid, oid, upn, name, role, language, created_at, signed_in_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
			ON CONFLICT (tid, oid) DO UPDATE
			SET upn = excluded.upn, name = excluded.name, role = excluded.role, signed_in_at = excluded.signed_in_at,
				language = coalesce(nullif(language, ''), excluded.language)`
	)
	u.TenantID, u.ObjectID = keyOf(u)
	before, err := knownUser(ctx, tx, u)
	if err != nil {
		return u, fmt.Errorf("user %s: %w", u.ObjectID, err)
	}
	if _, err := tx.ExecContext(ctx, upsert, u.TenantID, u.ObjectID, u.UPN, u.Name, u.Role.String(), u.Language, s.now().UnixMilli()); err != nil {
		return u, fmt.Errorf("user %s: %w", u.ObjectID, err)
	}
	saved, err := knownUser(ctx, tx, u)
	if err == nil {
		err = indexRenamed(ctx, tx, before, saved)
	}
	if err != nil {
		return u, fmt.Errorf("user %s: %w", u.ObjectID, err)
	}
	return saved, nil
}

// knownUser returns the row of the person, the zero User where there is none.
func knownUser(ctx context.Context, tx *sql.Tx, u meeting.User) (meeting.User, error) {
	q := `SELECT ` + userColumns + ` FROM users u WHERE u.tid = $1 AND u.oid = $2`
	known, err := scanUser(tx.QueryRowContext(ctx, q, u.TenantID, u.ObjectID))
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return known, err
}

// indexRenamed sets the index of everything that the person organizes, where they
// have another name now: it is found by that from then on. People are renamed once
// in years; with ten thousand meetings it takes a few seconds.
func indexRenamed(ctx context.Context, tx *sql.Tx, before, now meeting.User) error {
	if before.ID == 0 || before.Name == now.Name && before.UPN == now.UPN {
		return nil
	}
	_, err := tx.ExecContext(ctx, `INSERT OR REPLACE`+indexFrom+`WHERE m.organizer_id = $1`, now.ID)
	return err
}

// User returns the person with that ID, or a NotFound error.
func (s *Store) User(ctx context.Context, id int64) (meeting.User, error) {
	q := `SELECT ` + userColumns + ` FROM users u WHERE u.id = $1`
	u, err := scanUser(s.read.QueryRowContext(ctx, q, id))
	if errors.Is(err, sql.ErrNoRows) {
		return u, &meeting.Error{Code: meeting.NotFound, Key: "page.unknown", Err: err}
	}
	if err != nil {
		return u, fmt.Errorf("user %d: %w", id, err)
	}
	return u, nil
}

// Preferences are what a person chose. Nil leaves a choice as it is, "" forgets it.
type Preferences struct{ Language, Theme, TimeZone *string }

// Prefer remembers what the person chose. The values are not looked at, apart
// from a theme other than "light", "dark" and "", which is an error.
func (s *Store) Prefer(ctx context.Context, userID int64, p Preferences) error {
	const q = `UPDATE users SET language = coalesce($1, language), theme = coalesce($2, theme), time_zone = coalesce($3, time_zone) WHERE id = $4`
	if _, err := s.write.ExecContext(ctx, q, p.Language, p.Theme, p.TimeZone, userID); err != nil {
		return fmt.Errorf("preferences of user %d: %w", userID, err)
	}
	return nil
}

// Organizer returns the person's row, made when they have never signed in: a
// help desk may organize in their name. What the directory says of them now is
// kept, where it says anything.
func (s *Store) Organizer(ctx context.Context, u meeting.User) (saved meeting.User, err error) {
	const (
		upsert = `INSERT INTO users (tid, oid, upn, name, created_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (tid, oid) DO UPDATE SET upn = coalesce(nullif(excluded.upn, ''), upn), name = coalesce(nullif(excluded.name, ''), name)`
	)
	u.TenantID, u.ObjectID = keyOf(u)
	err = s.transact(ctx, func(tx *sql.Tx) (err error) {
		before, err := knownUser(ctx, tx, u)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, upsert, u.TenantID, u.ObjectID, u.UPN, u.Name, s.now().UnixMilli()); err != nil {
			return err
		}
		if saved, err = knownUser(ctx, tx, u); err != nil {
			return err
		}
		return indexRenamed(ctx, tx, before, saved)
	})
	if err != nil {
		return u, fmt.Errorf("organizer %s: %w", u.ObjectID, err)
	}
	return saved, nil
}

// UserByUPN returns the person with that UPN, in small or capital letters, or a
// NotFound error.
func (s *Store) UserByUPN(ctx context.Context, upn string) (meeting.User, error) {
	q := `SELECT ` + userColumns + ` FROM users u WHERE u.upn = $1 COLLATE NOCASE ORDER BY u.id DESC LIMIT 1`
	u, err := scanUser(s.read.QueryRowContext(ctx, q, upn))
	if errors.Is(err, sql.ErrNoRows) {
		return u, &meeting.Error{Code: meeting.NotFound, Key: "page.unknown", Err: err}
	}
	if err != nil {
		return u, fmt.Errorf("user %s: %w", upn, err)
	}
	return u, nil
}
