-- +goose Up

-- A table whose rows become meetings of one person. IDs are not reused, because they are
-- part of the keys by which attempts are recognized.
CREATE TABLE imports (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id     INTEGER NOT NULL REFERENCES users (id),
    grant_id    INTEGER REFERENCES grants (id) ON DELETE SET NULL, -- while it is running or paused
    title       TEXT    NOT NULL,
    time_zone   TEXT    NOT NULL,
    unknown     TEXT    NOT NULL, -- names of columns that were ignored, one a line
    state       TEXT    NOT NULL CHECK (state IN ('draft', 'running', 'paused', 'done', 'cancelled')),
    reason      TEXT    NOT NULL DEFAULT '', -- why it is paused
    created_at  INTEGER NOT NULL,
    started_at  INTEGER,
    ends_at     INTEGER,
    finished_at INTEGER
) STRICT;
CREATE INDEX imports_user ON imports (user_id);
CREATE INDEX imports_open ON imports (state) WHERE state IN ('running', 'paused');
CREATE INDEX imports_grant ON imports (grant_id) WHERE grant_id IS NOT NULL;

-- form is what a row asks for, as a query of the form's fields. request is what is sent
-- to Graph, as JSON; it is written at the start. A worker has a row until lease_until.
CREATE TABLE import_rows (
    import_id   INTEGER NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    position    INTEGER NOT NULL,
    number      INTEGER NOT NULL, -- of the row in the file
    form        TEXT    NOT NULL,
    extra       TEXT    NOT NULL, -- the cells of ignored columns, as JSON; the result has them again
    external_id TEXT    NOT NULL,
    ticket_key  TEXT    NOT NULL,
    choice      TEXT    NOT NULL DEFAULT '' CHECK (choice IN ('', 'use', 'skip', 'another')),
    known_id    INTEGER REFERENCES meetings (id),
    request     TEXT    NOT NULL DEFAULT '',
    state       TEXT    NOT NULL CHECK (state IN ('draft', 'waiting', 'running', 'created', 'found', 'failed', 'left')),
    reason      TEXT    NOT NULL DEFAULT '',
    args        TEXT    NOT NULL DEFAULT '',
    meeting_id  INTEGER REFERENCES meetings (id),
    tries       INTEGER NOT NULL DEFAULT 0,
    not_before  INTEGER NOT NULL DEFAULT 0,
    lease_until INTEGER NOT NULL DEFAULT 0,
    ended_at    INTEGER,
    PRIMARY KEY (import_id, position)
) STRICT;
CREATE INDEX import_rows_meeting ON import_rows (meeting_id) WHERE meeting_id IS NOT NULL;
