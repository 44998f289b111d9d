-- +goose Up

-- The kind of identity, in Graph's words, of people who have no account: guest,
-- phone and others. object_id and name are of that identity then.
ALTER TABLE attendees ADD COLUMN identity TEXT NOT NULL DEFAULT '';
