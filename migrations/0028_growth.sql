-- +goose Up

-- Texts that many of Graph's replies have in common; see store/reply_dictionaries.go.
-- Packed replies can be read only with the dictionary that they name.
CREATE TABLE reply_dictionaries (
    id         INTEGER PRIMARY KEY,
    body       BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
-- +goose StatementBegin
CREATE TRIGGER reply_dictionaries_kept BEFORE DELETE ON reply_dictionaries
BEGIN
    SELECT RAISE(ABORT, 'replies need their dictionary');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER reply_dictionaries_unchanged BEFORE UPDATE ON reply_dictionaries
BEGIN
    SELECT RAISE(ABORT, 'replies need their dictionary');
END;
-- +goose StatementEnd

-- What was asked for, compressed; see store/reply_pack.go. Older attempts have it in the
-- column asked, which is empty for the others.
ALTER TABLE attempts ADD COLUMN asked_packed BLOB;

-- A few characters find an identifier as well as all of them, in an index of a fifth of
-- the size.
DROP INDEX calls_request;
DROP INDEX calls_client_request;
DROP INDEX meetings_thread;
CREATE INDEX calls_request ON calls (substr(request_id, 1, 8)) WHERE request_id <> '';
CREATE INDEX calls_client_request ON calls (substr(client_request_id, 1, 8)) WHERE client_request_id <> '';
CREATE INDEX meetings_thread ON meetings (substr(thread_id, 12, 10) COLLATE NOCASE) WHERE thread_id <> '';
