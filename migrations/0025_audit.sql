-- +goose Up

-- An entry may now be about nobody: a refused request without a session. address is the
-- client's, "" if there was no request. count is NULL, or how many rows an export had or
-- how often a refusal was repeated.
DROP TRIGGER audit_append_only;
DROP INDEX audit_user;
DROP INDEX audit_meeting;
ALTER TABLE audit RENAME TO audit_before;
CREATE TABLE audit (
    id         INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    user_id    INTEGER REFERENCES users (id),
    action     TEXT NOT NULL,
    meeting_id INTEGER REFERENCES meetings (id),
    detail     TEXT NOT NULL DEFAULT '',
    address    TEXT NOT NULL DEFAULT '',
    count      INTEGER
) STRICT;
INSERT INTO audit (id, at, user_id, action, meeting_id, detail) SELECT id, at, user_id, action, meeting_id, detail FROM audit_before;
DROP TABLE audit_before;
CREATE INDEX audit_user ON audit (user_id, at);
CREATE INDEX audit_meeting ON audit (meeting_id) WHERE meeting_id IS NOT NULL;

-- Rows of audit and replies can be deleted only while retention has a row for the table,
-- and only if they are older than that row says. The foreign key can never be satisfied,
-- so no transaction can commit unless it has removed its row again.
CREATE TABLE retention (
    subject TEXT    NOT NULL PRIMARY KEY CHECK (subject IN ('audit', 'replies')),
    before  INTEGER NOT NULL,
    running INTEGER NOT NULL DEFAULT 0 CHECK (running = 0) REFERENCES users (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER audit_append_only BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_kept BEFORE DELETE ON audit WHEN NOT EXISTS (SELECT 1 FROM retention WHERE subject = 'audit' AND old.at < before)
BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only, except for retention');
END;
-- +goose StatementEnd
-- +goose StatementBegin
-- INSERT OR REPLACE deletes a row without a DELETE trigger.
CREATE TRIGGER audit_not_replaced BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = new.id)
BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;
-- +goose StatementEnd

DROP TRIGGER replies_append_only;
-- +goose StatementBegin
CREATE TRIGGER replies_append_only BEFORE UPDATE ON replies
BEGIN
    SELECT RAISE(ABORT, 'replies are append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER replies_kept BEFORE DELETE ON replies WHEN NOT EXISTS (SELECT 1 FROM retention WHERE subject = 'replies' AND old.at < before)
BEGIN
    SELECT RAISE(ABORT, 'replies are append-only, except for retention');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER replies_not_replaced BEFORE INSERT ON replies WHEN EXISTS (SELECT 1 FROM replies WHERE id = new.id)
BEGIN
    SELECT RAISE(ABORT, 'replies are append-only');
END;
-- +goose StatementEnd
