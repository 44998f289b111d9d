-- +goose Up

-- Presets fill in the form for a new meeting. An empty text or zero leaves that part of
-- the form as it is. IDs are not reused, because somebody may still be editing a preset
-- that has been removed.
CREATE TABLE presets (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT    NOT NULL,
    name_key   TEXT    NOT NULL UNIQUE, -- the name without regard to case; see meeting.PresetKey
    prefix     TEXT    NOT NULL,        -- tickets that begin with it select the preset
    subject    TEXT    NOT NULL,        -- {ticket} is replaced
    minutes    INTEGER NOT NULL,
    lobby      TEXT    NOT NULL,
    presenters TEXT    NOT NULL,
    announce   TEXT    NOT NULL,
    record     TEXT    NOT NULL,
    version    INTEGER NOT NULL,        -- rises with each change
    changed_by INTEGER NOT NULL REFERENCES users (id),
    changed_at INTEGER NOT NULL
) STRICT;
