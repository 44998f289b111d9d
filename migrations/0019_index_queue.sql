-- +goose Up

-- The meetings whose entries in the full-text index are out of date. A background task
-- works through them from the newest to the oldest, in chunks.
CREATE TABLE index_queue (
    organizer_id INTEGER NOT NULL PRIMARY KEY, -- 0: everybody's meetings
    before_id    INTEGER NOT NULL              -- only the meetings below this ID are left
) STRICT;

-- The version of the rules by which the index was written; see search.IndexVersion.
CREATE TABLE index_rules (version INTEGER NOT NULL) STRICT;
INSERT INTO index_rules (version) VALUES (1);
