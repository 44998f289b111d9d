-- +goose Up

-- The running desks, if several share the database. A desk renews its lease while it runs,
-- and removes its row when it stops. With SQLite, the table is empty.
CREATE TABLE desks (
    id          INTEGER PRIMARY KEY,
    lease_until INTEGER NOT NULL
) STRICT;

-- The desk that works on the attempt or the row, or did so last. If that desk is not in the
-- table desks, it has stopped.
ALTER TABLE attempts ADD COLUMN desk_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE import_rows ADD COLUMN desk_id INTEGER NOT NULL DEFAULT 0;
