-- +goose Up

-- A reply is stored compressed; see store/reply_pack.go. Older replies stay in the column
-- body, which is empty for the others.
ALTER TABLE replies ADD COLUMN packed BLOB;

DROP TRIGGER replies_append_only;
-- +goose StatementBegin
CREATE TRIGGER replies_append_only BEFORE UPDATE OF at, created, body, packed ON replies
BEGIN
    SELECT RAISE(ABORT, 'replies are append-only');
END;
-- +goose StatementEnd
