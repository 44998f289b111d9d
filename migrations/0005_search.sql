-- +goose Up

-- What a caller can read out. Rows that Graph has not confirmed have none of it.
CREATE INDEX meetings_thread ON meetings (thread_id) WHERE thread_id <> '';
CREATE INDEX meetings_join_meeting_id ON meetings (join_meeting_id) WHERE join_meeting_id <> '';
CREATE INDEX meetings_conference ON meetings (conference_id) WHERE conference_id <> '';
CREATE INDEX calls_request ON calls (request_id) WHERE request_id <> '';
CREATE INDEX calls_client_request ON calls (client_request_id) WHERE client_request_id <> '';
CREATE INDEX users_upn ON users (upn COLLATE NOCASE);

-- The orders of the history. A meeting without a start stands where it was made.
CREATE INDEX meetings_created ON meetings (created_at);
CREATE INDEX meetings_start ON meetings (coalesce(start_at, created_at));
CREATE INDEX meetings_own_start ON meetings (organizer_id, coalesce(start_at, created_at));
-- What few meetings are.
CREATE INDEX meetings_not_live ON meetings (id) WHERE state <> 'live';
CREATE INDEX meetings_not_created ON meetings (id) WHERE origin IN ('found', 'adopted');

-- scope holds tokens that no search text reaches: u and the number of everybody
-- who may see the row, k instead of u where it was handed over to them and its
-- attendees are not theirs to know, and e and the number of the row's era, 16,384
-- IDs long.
-- A prefix of each length that people's words are searched by has an index of its
-- own: to merge all words that begin alike takes too long.
DROP TABLE meetings_fts;
CREATE VIRTUAL TABLE meetings_fts USING fts5 (
    external_id, subject, organizer, attendees, scope,
    content = '', contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3 4 5 6 7 8 9 10 11 12 13 14 15 16'
);
INSERT INTO meetings_fts (rowid, external_id, subject, organizer, attendees, scope)
SELECT m.id, coalesce(m.external_id, '') || ' ' || coalesce(m.ticket_key, ''), m.subject, u.name || ' ' || u.upn,
    coalesce((SELECT group_concat(name || ' ' || upn, ' ') FROM attendees WHERE meeting_id = m.id), ''),
    coalesce((SELECT group_concat(CASE relation WHEN 'handed over' THEN 'k' ELSE 'u' END || user_id, ' ') FROM meeting_people WHERE meeting_id = m.id), '') || ' e' || (m.id >> 14)
FROM meetings m JOIN users u ON u.id = m.organizer_id;
