-- +goose Up

-- When the meeting starts, or when it was recorded if it has no start, and when it ends.
-- NULL for the organizer, whose meetings are found by the indexes of meetings. The triggers
-- copy the times.
ALTER TABLE meeting_people ADD COLUMN start_at INTEGER;
ALTER TABLE meeting_people ADD COLUMN end_at INTEGER;

-- +goose StatementBegin
CREATE TRIGGER meeting_people_times AFTER INSERT ON meeting_people WHEN new.relation <> 'organizer' AND new.start_at IS NULL
BEGIN
    UPDATE meeting_people SET (start_at, end_at) = (SELECT coalesce(start_at, created_at), end_at FROM meetings WHERE id = new.meeting_id)
    WHERE user_id = new.user_id AND meeting_id = new.meeting_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER meetings_times AFTER UPDATE OF start_at, end_at ON meetings WHEN old.start_at IS NOT new.start_at OR old.end_at IS NOT new.end_at
BEGIN
    UPDATE meeting_people SET start_at = coalesce(new.start_at, new.created_at), end_at = new.end_at
    WHERE meeting_id = new.id AND relation <> 'organizer';
END;
-- +goose StatementEnd
