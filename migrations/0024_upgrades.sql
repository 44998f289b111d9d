-- +goose Up

-- Which version of the program brought the schema to which state. An older program reads
-- the newest row to say which version a database needs, so this table never changes.
CREATE TABLE upgrades (
    schema  INTEGER NOT NULL PRIMARY KEY, -- the number of the last migration
    program TEXT NOT NULL,
    at      INTEGER NOT NULL
) STRICT;

-- The lowest ID that the next meeting may get. It rises when meetings are lost or removed,
-- so that the URL of a meeting never leads to another one.
CREATE TABLE next_ids (meeting INTEGER NOT NULL) STRICT;
INSERT INTO next_ids (meeting) VALUES (1);
