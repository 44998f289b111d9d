-- +goose Up

-- When the wait was recorded. A wait from the future was recorded before the clock was set
-- back, so nobody knows how long it still lasts.
ALTER TABLE waits ADD COLUMN saved_at BIGINT NOT NULL DEFAULT 0;
