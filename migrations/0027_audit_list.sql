-- +goose Up

-- An entry keeps the number of its meeting when retention removes the meeting, so
-- meeting_id no longer refers to the table meetings.
DROP TRIGGER audit_append_only;
DROP TRIGGER audit_kept;
DROP TRIGGER audit_not_replaced;
DROP TRIGGER replies_append_only;
DROP TRIGGER replies_kept;
DROP INDEX audit_user;
DROP INDEX audit_meeting;
ALTER TABLE audit RENAME TO audit_before;
CREATE TABLE audit (
    id         INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    user_id    INTEGER REFERENCES users (id),
    action     TEXT NOT NULL,
    meeting_id INTEGER,
    detail     TEXT NOT NULL DEFAULT '',
    address    TEXT NOT NULL DEFAULT '',
    count      INTEGER
) STRICT;
INSERT INTO audit (id, at, user_id, action, meeting_id, detail, address, count) SELECT id, at, user_id, action, meeting_id, detail, address, count FROM audit_before;
DROP TABLE audit_before;
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_user ON audit (user_id, at);
CREATE INDEX audit_meeting ON audit (meeting_id, at) WHERE meeting_id IS NOT NULL;
-- The actions that are left out occur so often that a list of them needs no index.
CREATE INDEX audit_rare ON audit (action, at) WHERE action NOT IN ('history.read', 'meeting.read', 'ticket.read', 'directory.read', 'meeting.create', 'meeting.update', 'meeting.refresh', 'meeting.note', 'meeting.sent', 'sign_in', 'sign_out');

-- Rows of audit and replies can be changed only while retention has the row 'erase', and
-- then only the columns that can contain a person's name or address.
DROP TABLE retention;
CREATE TABLE retention (
    subject TEXT    NOT NULL PRIMARY KEY CHECK (subject IN ('audit', 'replies', 'erase')),
    before  INTEGER NOT NULL,
    running INTEGER NOT NULL DEFAULT 0 CHECK (running = 0) REFERENCES users (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER audit_append_only BEFORE UPDATE ON audit
WHEN NOT EXISTS (SELECT 1 FROM retention WHERE subject = 'erase')
    OR new.id <> old.id OR new.at <> old.at OR new.user_id IS NOT old.user_id OR new.action <> old.action
    OR new.meeting_id IS NOT old.meeting_id OR new.count IS NOT old.count
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
CREATE TRIGGER audit_not_replaced BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = new.id)
BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER replies_append_only BEFORE UPDATE ON replies
WHEN NOT EXISTS (SELECT 1 FROM retention WHERE subject = 'erase')
    OR new.id <> old.id OR new.meeting_id <> old.meeting_id OR new.attempt_id <> old.attempt_id OR new.at <> old.at OR new.created <> old.created
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
