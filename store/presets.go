package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"meetdesk/meeting"
)

// presetFields returns the columns that an administrator edits.
func presetFields(p *meeting.Preset) columns {
	fields := columns{
		{"name", &p.Name},
		{"prefix", &p.Prefix},
		{"subject", &p.Subject},
		{"minutes", &p.Minutes},
	}
	for _, o := range meeting.AllOptions() {
		fields = append(fields, column{string(o), p.Options.Ref(o)})
	}
	return fields
}

// presetChange returns the columns that are set automatically on every change.
func presetChange(p *meeting.Preset, key *string) columns {
	return columns{
		{"name_key", key},
		{"version", &p.Version},
		{"changed_by", &p.ChangedBy.ID},
		{"changed_at", storedTime{&p.ChangedAt}},
	}
}

// Presets returns all presets, sorted by name.
func (s *Store) Presets(ctx context.Context) ([]meeting.Preset, error) {
	list, err := readPresets(ctx, s.read)
	if err != nil {
		return nil, fmt.Errorf("presets: %w", err)
	}
	return list, nil
}

type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func readPresets(ctx context.Context, from querier) (list []meeting.Preset, err error) {
	var (
		p   meeting.Preset
		key string
	)
	fields, change := presetFields(&p), presetChange(&p, &key)
	q := `SELECT p.id, ` + fields.of("p") + `, ` + change.of("p") + `, u.name, u.upn
		FROM presets p JOIN users u ON u.id = p.changed_by ORDER BY p.name_key`
	rows, err := from.QueryContext(ctx, q)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	into := append(append([]any{&p.ID}, values(fields, change)...), &p.ChangedBy.Name, &p.ChangedBy.UPN)
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, rows.Err()
}

// Preset returns the preset with the given ID, or a NotFound error.
func (s *Store) Preset(ctx context.Context, id int64) (meeting.Preset, error) {
	list, err := s.Presets(ctx)
	if err != nil {
		return meeting.Preset{}, err
	}
	return presetIn(list, id)
}

func presetIn(list []meeting.Preset, id int64) (meeting.Preset, error) {
	for _, p := range list {
		if p.ID == id {
			return p, nil
		}
	}
	return meeting.Preset{}, &meeting.Error{Code: meeting.NotFound, Key: meeting.ReasonPresetUnknown, Err: sql.ErrNoRows}
}

// AddPreset stores a new preset and records the addition in the audit log. It returns a
// Conflict error if another preset has the same name or prefix.
func (s *Store) AddPreset(ctx context.Context, userID int64, p meeting.Preset) error {
	p.Version, p.ChangedBy.ID, p.ChangedAt = 1, userID, s.now()
	err := s.changePresets(ctx, userID, AuditPresetAdd, func(tx *sql.Tx, list []meeting.Preset) (before, after *meeting.Preset, err error) {
		if err := checkUnique(list, p); err != nil {
			return nil, nil, err
		}
		key := meeting.PresetKey(p.Name)
		all := append(presetFields(&p), presetChange(&p, &key)...)
		err = tx.QueryRowContext(ctx, all.insertInto("presets")+` RETURNING id`, values(all)...).Scan(&p.ID)
		return nil, &p, err
	})
	if err != nil {
		return fmt.Errorf("add preset: %w", err)
	}
	return nil
}

// ChangePreset replaces the preset with the same ID and records the change in the audit
// log. p.Version is the version that the change is based on. ChangePreset returns a
// NotFound error if the preset no longer exists. It returns a Conflict error if the preset
// has changed in the meantime, or if another preset has the same name or prefix.
func (s *Store) ChangePreset(ctx context.Context, userID int64, p meeting.Preset) error {
	seen := p.Version
	p.Version, p.ChangedBy.ID, p.ChangedAt = seen+1, userID, s.now()
	err := s.changePresets(ctx, userID, AuditPresetChange, func(tx *sql.Tx, list []meeting.Preset) (before, after *meeting.Preset, err error) {
		stored, err := seenPreset(list, p.ID, seen)
		if err == nil {
			err = checkUnique(list, p)
		}
		if err != nil {
			return nil, nil, err
		}
		key := meeting.PresetKey(p.Name)
		all := append(presetFields(&p), presetChange(&p, &key)...)
		_, err = tx.ExecContext(ctx, `UPDATE presets SET `+all.assignments(2)+` WHERE id = $1`, append([]any{p.ID}, values(all)...)...)
		return &stored, &p, err
	})
	if err != nil {
		return fmt.Errorf("preset %d: %w", p.ID, err)
	}
	return nil
}

// RemovePreset removes a preset and records the removal in the audit log. The seen argument
// is the version that the caller read. RemovePreset returns a NotFound error if the preset
// no longer exists, and a Conflict error if it has changed in the meantime.
func (s *Store) RemovePreset(ctx context.Context, userID, id, seen int64) error {
	err := s.changePresets(ctx, userID, AuditPresetRemove, func(tx *sql.Tx, list []meeting.Preset) (before, after *meeting.Preset, err error) {
		stored, err := seenPreset(list, id, seen)
		if err != nil {
			return nil, nil, err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM presets WHERE id = $1`, id)
		return &stored, nil, err
	})
	if err != nil {
		return fmt.Errorf("remove preset %d: %w", id, err)
	}
	return nil
}

// changePresets calls do with all presets in a transaction and records the change in the
// audit log. do returns the preset before and after the change: before is nil for a new
// preset, and after is nil for a removed one.
func (s *Store) changePresets(ctx context.Context, userID int64, action AuditAction, do func(*sql.Tx, []meeting.Preset) (before, after *meeting.Preset, err error)) error {
	return s.transactUnlisted(ctx, func(tx *sql.Tx) error {
		list, err := readPresets(ctx, tx)
		if err != nil {
			return err
		}
		before, after, err := do(tx, list)
		if err != nil {
			return err
		}
		detail, err := json.Marshal(struct {
			Before *auditedPreset `json:"before,omitempty"`
			After  *auditedPreset `json:"after,omitempty"`
		}{audited(before), audited(after)})
		if err != nil {
			return err
		}
		return insertAudit(ctx, tx, s.now(), userID, action, 0, string(detail))
	})
}

type auditedPreset struct {
	ID      int64           `json:"id"`
	Name    string          `json:"name"`
	Prefix  string          `json:"prefix,omitempty"`
	Subject string          `json:"subject,omitempty"`
	Minutes int             `json:"minutes,omitempty"`
	Options meeting.Options `json:"options"`
}

func audited(p *meeting.Preset) *auditedPreset {
	if p == nil {
		return nil
	}
	return &auditedPreset{p.ID, p.Name, p.Prefix, p.Subject, p.Minutes, p.Options}
}

func seenPreset(list []meeting.Preset, id, seen int64) (meeting.Preset, error) {
	stored, err := presetIn(list, id)
	if err == nil && stored.Version != seen {
		err = &meeting.Error{Code: meeting.Conflict, Key: meeting.ReasonPresetChanged, Err: errors.New("changed since it was read")}
	}
	return stored, err
}

func checkUnique(list []meeting.Preset, p meeting.Preset) error {
	for _, other := range list {
		switch args := (meeting.Args{"Name": other.Name}); {
		case other.ID == p.ID:
		case meeting.PresetKey(other.Name) == meeting.PresetKey(p.Name):
			return &meeting.Error{Code: meeting.Conflict, Key: meeting.ReasonPresetNameTaken, Args: args}
		case p.Prefix != "" && meeting.PresetKey(other.Prefix) == meeting.PresetKey(p.Prefix):
			return &meeting.Error{Code: meeting.Conflict, Key: meeting.ReasonPresetPrefixTaken, Args: args}
		}
	}
	return nil
}
