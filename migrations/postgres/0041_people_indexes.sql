-- +goose Up

-- A desk may change a meeting meanwhile, so rows with times are left alone.
UPDATE meeting_people SET (start_at, end_at) = (SELECT coalesce(m.start_at, m.created_at), m.end_at FROM meetings m WHERE m.id = meeting_people.meeting_id)
WHERE relation <> 'organizer' AND start_at IS NULL;

-- The meetings that a person made for others or got by a hand-over, in the order of lists,
-- and those of them that last longer than 48 hours.
CREATE INDEX meeting_people_start ON meeting_people (user_id, start_at, meeting_id, end_at) WHERE start_at IS NOT NULL;
CREATE INDEX meeting_people_long ON meeting_people (user_id, end_at) WHERE end_at - start_at > 172800000;
CREATE INDEX meeting_people_handed_over ON meeting_people (user_id) WHERE relation = 'handed over';
DROP INDEX meeting_people_others;
