-- +goose Up

-- For the failures of the last days on the administrator's overview.
CREATE INDEX attempts_failed ON attempts (created_at, reason) WHERE state = 'failed';
