-- Times are milliseconds since 1970 in UTC; NULL where there is none.

-- +goose Up

-- People who signed in, and organizers of meetings. tid + oid is the key; the rest changes.
CREATE TABLE users (
    id         INTEGER PRIMARY KEY,
    tid        TEXT NOT NULL,
    oid        TEXT NOT NULL,
    upn        TEXT NOT NULL,
    name       TEXT NOT NULL,
    role       TEXT NOT NULL DEFAULT 'none' CHECK (role IN ('none', 'staff', 'helpdesk', 'admin')),
    time_zone  TEXT NOT NULL DEFAULT '',
    language   TEXT NOT NULL DEFAULT '',
    theme      TEXT NOT NULL DEFAULT '' CHECK (theme IN ('', 'light', 'dark')),
    created_at INTEGER NOT NULL,
    signed_in_at INTEGER,
    UNIQUE (tid, oid)
) STRICT;

-- A person's tokens, sealed with the row's key as additional data.
CREATE TABLE grants (
    id         INTEGER PRIMARY KEY,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    tokens     BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX grants_user ON grants (user_id);

-- The cookie holds the session's ID, this table only its SHA-256.
CREATE TABLE sessions (
    hash       BLOB PRIMARY KEY,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    grant_id   INTEGER NOT NULL REFERENCES grants (id),
    sid        TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    used_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_grant ON sessions (grant_id);
CREATE INDEX sessions_sid ON sessions (sid) WHERE sid <> '';
CREATE INDEX sessions_expires ON sessions (expires_at);

CREATE TABLE meetings (
    id                 INTEGER PRIMARY KEY,
    organizer_id       INTEGER NOT NULL REFERENCES users (id),
    maker_id           INTEGER NOT NULL REFERENCES users (id),
    external_id        TEXT,              -- exactly as sent; none when adopted
    ticket_key         TEXT,              -- the same for every spelling of a ticket
    graph_id           TEXT,
    state              TEXT NOT NULL CHECK (state IN ('unfinished', 'failed', 'live', 'removed', 'replaced')),
    origin             TEXT CHECK (origin IN ('created', 'found', 'adopted')), -- none while no answer has come
    subject            TEXT NOT NULL DEFAULT '',
    start_at           INTEGER,
    end_at             INTEGER,
    time_zone          TEXT NOT NULL DEFAULT '',
    join_url           TEXT NOT NULL DEFAULT '',
    join_meeting_id    TEXT NOT NULL DEFAULT '',
    passcode           TEXT NOT NULL DEFAULT '',
    conference_id      TEXT NOT NULL DEFAULT '',
    toll_number        TEXT NOT NULL DEFAULT '',
    toll_free_number   TEXT NOT NULL DEFAULT '',
    dial_in_url        TEXT NOT NULL DEFAULT '',
    thread_id          TEXT NOT NULL DEFAULT '',
    video_id           TEXT NOT NULL DEFAULT '',
    options_url        TEXT NOT NULL DEFAULT '',
    allowed_presenters TEXT NOT NULL DEFAULT '',
    lobby_scope        TEXT NOT NULL DEFAULT '',
    graph_created_at   INTEGER,
    expires_at         INTEGER,
    version            INTEGER NOT NULL DEFAULT 0,
    created_at         INTEGER NOT NULL,
    updated_at         INTEGER NOT NULL
) STRICT;
-- Graph's own key, for as long as the meeting stands for it.
CREATE UNIQUE INDEX meetings_external ON meetings (organizer_id, external_id) WHERE state NOT IN ('removed', 'replaced');
CREATE UNIQUE INDEX meetings_graph ON meetings (graph_id, organizer_id) WHERE graph_id IS NOT NULL;
CREATE INDEX meetings_ticket ON meetings (ticket_key);
CREATE INDEX meetings_upcoming ON meetings (organizer_id, end_at) WHERE state = 'live';

-- Who may see the meeting: its organizer, and whoever else. One row each, with the closest relation.
CREATE TABLE meeting_people (
    user_id    INTEGER NOT NULL REFERENCES users (id),
    meeting_id INTEGER NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    relation   TEXT NOT NULL CHECK (relation IN ('organizer', 'maker', 'handed over')),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, meeting_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX meeting_people_meeting ON meeting_people (meeting_id);

CREATE TABLE attendees (
    meeting_id INTEGER NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    upn        TEXT NOT NULL,
    object_id  TEXT NOT NULL DEFAULT '',
    name       TEXT NOT NULL DEFAULT '',
    role       TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (meeting_id, position)
) STRICT, WITHOUT ROWID;

-- One intention and its outcome. asked and calls stay; a retry adds to them.
CREATE TABLE attempts (
    id            INTEGER PRIMARY KEY,
    meeting_id    INTEGER NOT NULL REFERENCES meetings (id),
    actor_id      INTEGER NOT NULL REFERENCES users (id),
    mode          TEXT NOT NULL CHECK (mode IN ('delegated', 'application')),
    kind          TEXT NOT NULL CHECK (kind IN ('create', 'update', 'remove', 'refresh')),
    asked         TEXT NOT NULL,     -- JSON
    state         TEXT NOT NULL CHECK (state IN ('pending', 'done', 'failed', 'unfinished', 'superseded', 'dismissed')),
    outcome       TEXT NOT NULL DEFAULT '',
    reason        TEXT NOT NULL DEFAULT '',
    base_reply_id INTEGER REFERENCES replies (id),
    form_id       TEXT UNIQUE,       -- one attempt per form sent
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX attempts_meeting ON attempts (meeting_id);
CREATE INDEX attempts_open ON attempts (actor_id) WHERE state IN ('pending', 'unfinished', 'failed');

-- What Graph answered, whole: what the meeting was, when.
CREATE TABLE replies (
    id         INTEGER PRIMARY KEY,
    meeting_id INTEGER NOT NULL REFERENCES meetings (id),
    attempt_id INTEGER NOT NULL REFERENCES attempts (id),
    at         INTEGER NOT NULL,
    created    INTEGER NOT NULL CHECK (created IN (0, 1)), -- Graph answered 201
    body       TEXT NOT NULL
) STRICT;
CREATE INDEX replies_meeting ON replies (meeting_id);
CREATE INDEX replies_attempt ON replies (attempt_id);

-- One HTTP try of an attempt: what Microsoft's support asks for.
CREATE TABLE calls (
    id                INTEGER PRIMARY KEY,
    attempt_id        INTEGER NOT NULL REFERENCES attempts (id),
    method            TEXT NOT NULL,
    client_request_id TEXT NOT NULL,
    request_id        TEXT NOT NULL DEFAULT '',
    status            INTEGER NOT NULL, -- 0: no answer
    code              TEXT NOT NULL DEFAULT '',
    message           TEXT NOT NULL DEFAULT '',
    date              TEXT NOT NULL DEFAULT '', -- as Graph gave it
    unsure            INTEGER NOT NULL CHECK (unsure IN (0, 1)), -- it may have taken effect
    started_at        INTEGER NOT NULL,
    duration_us       INTEGER NOT NULL
) STRICT;
CREATE INDEX calls_attempt ON calls (attempt_id);

CREATE TABLE imports (
    id         INTEGER PRIMARY KEY,
    owner_id   INTEGER NOT NULL REFERENCES users (id),
    grant_id   INTEGER REFERENCES grants (id) ON DELETE SET NULL,
    name       TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('draft', 'running', 'waiting', 'stopped', 'done')),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX imports_owner ON imports (owner_id);
CREATE INDEX imports_grant ON imports (grant_id) WHERE grant_id IS NOT NULL;

CREATE TABLE import_rows (
    import_id  INTEGER NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    asked      TEXT NOT NULL,        -- JSON
    problem    TEXT NOT NULL DEFAULT '',
    attempt_id INTEGER REFERENCES attempts (id),
    PRIMARY KEY (import_id, position)
) STRICT, WITHOUT ROWID;

-- Who did or looked at what.
CREATE TABLE audit (
    id         INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    action     TEXT NOT NULL,
    meeting_id INTEGER REFERENCES meetings (id),
    detail     TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX audit_user ON audit (user_id, at);
CREATE INDEX audit_meeting ON audit (meeting_id) WHERE meeting_id IS NOT NULL;

-- people holds a token for everybody who may see the row, so that a search
-- never leaves the scope of the person who searches.
CREATE VIRTUAL TABLE meetings_fts USING fts5 (
    external_id, subject, organizer, attendees, identifiers, people,
    content = '', contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3 4'
);

-- +goose StatementBegin
CREATE TRIGGER replies_append_only BEFORE UPDATE OF at, created, body ON replies
BEGIN
    SELECT RAISE(ABORT, 'replies are append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_append_only BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;
-- +goose StatementEnd
