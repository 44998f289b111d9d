-- +goose Up

-- tid, and oid where it is a GUID, are kept in lower case: providers and
-- administrators write them in either. Rows of one person become one, the one that
-- signed in last. Nearly every database has nobody to merge.
CREATE TABLE merged_users (id INTEGER PRIMARY KEY, kept INTEGER NOT NULL);
INSERT INTO merged_users (id, kept)
SELECT id, kept FROM (
    SELECT id, first_value(id) OVER (
        PARTITION BY lower(tid), CASE WHEN length(oid) = 36 AND oid NOT GLOB '*[^0-9A-Fa-f-]*' THEN lower(oid) ELSE oid END
        ORDER BY coalesce(signed_in_at, -1) DESC, id
    ) AS kept FROM users
) WHERE id <> kept;

-- What is recorded twice under one of Graph's IDs is one meeting: its attempts,
-- replies and people go to the row that was written last.
CREATE TABLE merged_meetings (id INTEGER PRIMARY KEY, kept INTEGER NOT NULL);
INSERT INTO merged_meetings (id, kept)
SELECT id, kept FROM (
    SELECT m.id, first_value(m.id) OVER (
        PARTITION BY coalesce(u.kept, m.organizer_id), m.graph_id ORDER BY m.updated_at DESC, m.id
    ) AS kept
    FROM meetings m LEFT JOIN merged_users u ON u.id = m.organizer_id
    WHERE m.graph_id IS NOT NULL AND m.organizer_id IN (SELECT id FROM merged_users UNION SELECT kept FROM merged_users)
) WHERE id <> kept;

DROP TRIGGER audit_append_only;
UPDATE audit SET meeting_id = (SELECT kept FROM merged_meetings WHERE id = meeting_id) WHERE meeting_id IN (SELECT id FROM merged_meetings);
UPDATE audit SET user_id = (SELECT kept FROM merged_users WHERE id = user_id) WHERE user_id IN (SELECT id FROM merged_users);
-- +goose StatementBegin
CREATE TRIGGER audit_append_only BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;
-- +goose StatementEnd

UPDATE attempts SET meeting_id = (SELECT kept FROM merged_meetings WHERE id = meeting_id) WHERE meeting_id IN (SELECT id FROM merged_meetings);
UPDATE replies SET meeting_id = (SELECT kept FROM merged_meetings WHERE id = meeting_id) WHERE meeting_id IN (SELECT id FROM merged_meetings);
INSERT INTO meeting_people (user_id, meeting_id, relation, created_at)
SELECT p.user_id, m.kept, p.relation, p.created_at FROM meeting_people p JOIN merged_meetings m ON m.id = p.meeting_id WHERE true
ON CONFLICT DO UPDATE SET relation = excluded.relation
WHERE excluded.relation = 'organizer' OR excluded.relation = 'maker' AND relation = 'handed over';
DELETE FROM meetings_fts WHERE rowid IN (SELECT id FROM merged_meetings);
DELETE FROM meetings WHERE id IN (SELECT id FROM merged_meetings);

-- Of two that stand for one external ID, one can be Graph's.
UPDATE meetings SET state = 'replaced' WHERE id IN (
    SELECT id FROM (
        SELECT m.id, row_number() OVER (
            PARTITION BY coalesce(u.kept, m.organizer_id), m.external_id ORDER BY m.graph_id IS NULL, m.updated_at DESC, m.id
        ) AS place
        FROM meetings m LEFT JOIN merged_users u ON u.id = m.organizer_id
        WHERE m.external_id IS NOT NULL AND m.state NOT IN ('removed', 'replaced')
            AND m.organizer_id IN (SELECT id FROM merged_users UNION SELECT kept FROM merged_users)
    ) WHERE place > 1
);

UPDATE meetings SET organizer_id = (SELECT kept FROM merged_users WHERE id = organizer_id) WHERE organizer_id IN (SELECT id FROM merged_users);
UPDATE meetings SET maker_id = (SELECT kept FROM merged_users WHERE id = maker_id) WHERE maker_id IN (SELECT id FROM merged_users);
INSERT INTO meeting_people (user_id, meeting_id, relation, created_at)
SELECT u.kept, p.meeting_id, p.relation, p.created_at FROM meeting_people p JOIN merged_users u ON u.id = p.user_id WHERE true
ON CONFLICT DO UPDATE SET relation = excluded.relation
WHERE excluded.relation = 'organizer' OR excluded.relation = 'maker' AND relation = 'handed over';
DELETE FROM meeting_people WHERE user_id IN (SELECT id FROM merged_users);
UPDATE grants SET user_id = (SELECT kept FROM merged_users WHERE id = user_id) WHERE user_id IN (SELECT id FROM merged_users);
UPDATE sessions SET user_id = (SELECT kept FROM merged_users WHERE id = user_id) WHERE user_id IN (SELECT id FROM merged_users);
UPDATE attempts SET actor_id = (SELECT kept FROM merged_users WHERE id = actor_id) WHERE actor_id IN (SELECT id FROM merged_users);
UPDATE imports SET owner_id = (SELECT kept FROM merged_users WHERE id = owner_id) WHERE owner_id IN (SELECT id FROM merged_users);
DELETE FROM users WHERE id IN (SELECT id FROM merged_users);
UPDATE users SET tid = lower(tid) WHERE tid <> lower(tid);
UPDATE users SET oid = lower(oid) WHERE oid <> lower(oid) AND length(oid) = 36 AND oid NOT GLOB '*[^0-9A-Fa-f-]*';

INSERT OR REPLACE INTO meetings_fts (rowid, external_id, subject, organizer, attendees, scope)
SELECT m.id, search_fold(coalesce(m.external_id, '') || ' ' || coalesce(m.ticket_key, '')), search_fold(m.subject), search_fold(u.name || ' ' || u.upn),
    search_fold(coalesce((SELECT group_concat(name || ' ' || upn, ' ') FROM attendees WHERE meeting_id = m.id), '')),
    coalesce((SELECT group_concat(CASE relation WHEN 'handed over' THEN 'k' ELSE 'u' END || user_id, ' ') FROM meeting_people WHERE meeting_id = m.id), '') || ' e' || (m.id >> 14)
FROM meetings m JOIN users u ON u.id = m.organizer_id
WHERE m.id IN (SELECT meeting_id FROM meeting_people WHERE user_id IN (SELECT kept FROM merged_users));

DROP TABLE merged_meetings;
DROP TABLE merged_users;
