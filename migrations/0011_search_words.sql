-- +goose Up

-- A link that lost its capitals still names its meeting, so threads are compared
-- without regard to case.
DROP INDEX meetings_thread;
CREATE INDEX meetings_thread ON meetings (thread_id COLLATE NOCASE) WHERE thread_id <> '';
-- What a video conferencing device dials.
CREATE INDEX meetings_video ON meetings (video_id) WHERE video_id <> '';

-- Words that people type otherwise than they are written ("osullivan", "wifi",
-- "mueller"), Thai and other scripts without spaces, and Korean: index again what the
-- desk's function search_words makes other words of. The desk's hourly upkeep merges
-- what was replaced, so that this takes no longer than the meetings it is about.
INSERT OR REPLACE INTO meetings_fts (rowid, external_id, subject, organizer, attendees, scope)
SELECT id, search_fold(external_id), search_words(subject), search_words(organizer), search_words(attendees), scope
FROM (
    SELECT m.id, coalesce(m.external_id, '') || ' ' || coalesce(m.ticket_key, '') AS external_id, m.subject, u.name || ' ' || u.upn AS organizer,
        coalesce((SELECT group_concat(name || ' ' || upn, ' ') FROM attendees WHERE meeting_id = m.id), '') AS attendees,
        coalesce((SELECT group_concat(CASE relation WHEN 'handed over' THEN 'k' ELSE 'u' END || user_id, ' ') FROM meeting_people WHERE meeting_id = m.id), '') || ' e' || (m.id >> 14) AS scope
    FROM meetings m JOIN users u ON u.id = m.organizer_id
)
WHERE search_fold(external_id) <> external_id OR search_words(subject) <> subject OR search_words(organizer) <> organizer OR search_words(attendees) <> attendees;
