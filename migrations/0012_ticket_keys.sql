-- +goose Up

-- A ticket is now known by its full-width letters, digits of other scripts and in
-- brackets or quotation marks too. Only keys with other characters than these can
-- change, and the index of ticket keys alone finds them.
CREATE TEMPORARY TABLE rekeyed AS
SELECT id FROM meetings WHERE ticket_key GLOB '*[^a-z0-9-]*' AND ticket_key <> ticket_key(external_id);

UPDATE meetings SET ticket_key = ticket_key(external_id) WHERE id IN (SELECT id FROM rekeyed);

INSERT OR REPLACE INTO meetings_fts (rowid, external_id, subject, organizer, attendees, scope)
SELECT m.id, search_fold(coalesce(m.external_id, '') || ' ' || coalesce(m.ticket_key, '')), search_words(m.subject), search_words(u.name || ' ' || u.upn),
    search_words(coalesce((SELECT group_concat(name || ' ' || upn, ' ') FROM attendees WHERE meeting_id = m.id), '')),
    coalesce((SELECT group_concat(CASE relation WHEN 'handed over' THEN 'k' ELSE 'u' END || user_id, ' ') FROM meeting_people WHERE meeting_id = m.id), '') || ' e' || (m.id >> 14)
FROM meetings m JOIN users u ON u.id = m.organizer_id
WHERE m.id IN (SELECT id FROM rekeyed);

DROP TABLE rekeyed;
