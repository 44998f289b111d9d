-- +goose Up

-- How long the meeting was to last that the person made last, in minutes; 0: none yet.
ALTER TABLE users ADD COLUMN duration_minutes INTEGER NOT NULL DEFAULT 0 CHECK (duration_minutes BETWEEN 0 AND 1440);
