-- +goose Up

-- What people write down about a meeting: notes, and marks that the invitation was sent.
-- A row that was taken back stays, so that the record says what others have read.
CREATE TABLE notes (
    id            INTEGER PRIMARY KEY,
    meeting_id    INTEGER NOT NULL REFERENCES meetings (id),
    user_id       INTEGER NOT NULL REFERENCES users (id),
    kind          TEXT NOT NULL CHECK (kind IN ('note', 'sent')),
    body          TEXT NOT NULL DEFAULT '',
    created_at    INTEGER NOT NULL,
    taken_back_at INTEGER
) STRICT;
CREATE INDEX notes_meeting ON notes (meeting_id, id);
CREATE INDEX notes_user ON notes (user_id);
