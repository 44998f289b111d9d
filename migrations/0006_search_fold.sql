-- +goose Up

-- Letters with a stroke, ligatures, scripts with accents that many leave out, Chinese
-- and Japanese: what the desk's function search_fold makes other words of is indexed
-- anew.
INSERT OR REPLACE INTO meetings_fts (rowid, external_id, subject, organizer, attendees, scope)
SELECT id, search_fold(external_id), search_fold(subject), search_fold(organizer), search_fold(attendees), scope
FROM (
    SELECT m.id, coalesce(m.external_id, '') || ' ' || coalesce(m.ticket_key, '') AS external_id, m.subject, u.name || ' ' || u.upn AS organizer,
        coalesce((SELECT group_concat(name || ' ' || upn, ' ') FROM attendees WHERE meeting_id = m.id), '') AS attendees,
        coalesce((SELECT group_concat(CASE relation WHEN 'handed over' THEN 'k' ELSE 'u' END || user_id, ' ') FROM meeting_people WHERE meeting_id = m.id), '') || ' e' || (m.id >> 14) AS scope
    FROM meetings m JOIN users u ON u.id = m.organizer_id
)
WHERE search_fold(external_id) <> external_id OR search_fold(subject) <> subject OR search_fold(organizer) <> organizer OR search_fold(attendees) <> attendees;

-- What was replaced is still gone through in each search until it is merged away.
INSERT INTO meetings_fts (meetings_fts) VALUES ('optimize');
