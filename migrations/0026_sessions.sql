-- +goose Up

-- The ID of a session or grant is never given to another one, so neither a request that
-- is still running nor a page that is still open can act on somebody else's.
-- address is the client's when the session was last used, and browser names the program
-- and the system; both are "" if unknown.
CREATE TABLE grants_before AS SELECT * FROM grants;
CREATE TABLE sessions_before AS SELECT * FROM sessions;
DROP TABLE sessions;
DROP TABLE grants;
CREATE TABLE grants (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    tokens     BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
INSERT INTO grants (id, user_id, tokens, created_at, updated_at) SELECT id, user_id, tokens, created_at, updated_at FROM grants_before;
DROP TABLE grants_before;
CREATE INDEX grants_user ON grants (user_id);

CREATE TABLE sessions (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    hash       BLOB NOT NULL UNIQUE,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    grant_id   INTEGER NOT NULL REFERENCES grants (id),
    sid        TEXT NOT NULL DEFAULT '',
    address    TEXT NOT NULL DEFAULT '',
    browser    TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    used_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
INSERT INTO sessions (hash, user_id, grant_id, sid, created_at, used_at, expires_at)
    SELECT hash, user_id, grant_id, sid, created_at, used_at, expires_at FROM sessions_before ORDER BY created_at;
DROP TABLE sessions_before;
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_grant ON sessions (grant_id);
CREATE INDEX sessions_sid ON sessions (sid) WHERE sid <> '';
CREATE INDEX sessions_expires ON sessions (expires_at);

-- When the person last used the desk; NULL for people who never signed in.
ALTER TABLE users ADD COLUMN seen_at INTEGER;
UPDATE users SET seen_at = max(signed_in_at, coalesce((SELECT max(used_at) FROM sessions s WHERE s.user_id = users.id), 0)) WHERE signed_in_at IS NOT NULL;
CREATE INDEX users_seen ON users (seen_at) WHERE seen_at IS NOT NULL;
