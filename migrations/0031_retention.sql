-- +goose Up

-- When a meeting ended or was last changed, whichever is later. Retention goes by this.
CREATE INDEX meetings_age ON meetings (CASE WHEN end_at > updated_at THEN end_at ELSE updated_at END);
-- Deleting a reply looks for attempts that refer to it.
CREATE INDEX attempts_base ON attempts (base_reply_id) WHERE base_reply_id IS NOT NULL;
-- Deleting a meeting looks for rows of imports that refer to it.
CREATE INDEX import_rows_known ON import_rows (known_id) WHERE known_id IS NOT NULL;

-- What retention removes or erases in the background, and what it has removed. The
-- number of an erasure is part of the name that takes the person's place.
CREATE TABLE retention_tasks (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    kind            TEXT    NOT NULL CHECK (kind IN ('purge', 'erase')),
    by_id           INTEGER REFERENCES users (id), -- NULL: the rule began it
    meetings_before INTEGER,                       -- NULL: no meetings are removed
    audit_before    INTEGER,                       -- NULL: no audit entries are removed
    name            TEXT    NOT NULL DEFAULT '',   -- what takes the place of the person's name
    subject         TEXT    NOT NULL DEFAULT '',   -- JSON: who is erased; emptied at the end
    step            INTEGER NOT NULL DEFAULT 0,
    after           INTEGER NOT NULL DEFAULT 0,    -- the place within the step from which it continues
    meetings        INTEGER NOT NULL DEFAULT 0,    -- how many it has removed or changed
    entries         INTEGER NOT NULL DEFAULT 0,    -- the same for audit entries
    created_at      INTEGER NOT NULL,
    done_at         INTEGER
) STRICT;
CREATE INDEX retention_tasks_open ON retention_tasks (id) WHERE done_at IS NULL;

-- How many months meetings and audit entries are kept; 0 keeps them. It has one row.
CREATE TABLE retention_rule (
    meeting_months INTEGER NOT NULL,
    audit_months   INTEGER NOT NULL,
    run_at         INTEGER NOT NULL -- when the rule last began to remove something
) STRICT;
INSERT INTO retention_rule (meeting_months, audit_months, run_at) VALUES (0, 0, 0);

-- Zeros that overwrite the free pages of the file after an erasure; otherwise empty.
CREATE TABLE filler (
    id    INTEGER PRIMARY KEY,
    zeros BLOB NOT NULL
) STRICT;
