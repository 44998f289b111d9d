-- +goose Up

-- When the meeting starts, or when it was recorded if it has no start, and when it ends.
-- NULL for the organizer, whose meetings are found by the indexes of meetings. The triggers
-- copy the times, also for older desks that do not know the columns.
ALTER TABLE meeting_people ADD COLUMN start_at BIGINT;
ALTER TABLE meeting_people ADD COLUMN end_at BIGINT;

-- +goose StatementBegin
CREATE FUNCTION copy_times() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT coalesce(m.start_at, m.created_at), m.end_at INTO new.start_at, new.end_at FROM meetings m WHERE m.id = new.meeting_id;
    RETURN new;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION copy_new_times() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE meeting_people SET start_at = coalesce(new.start_at, new.created_at), end_at = new.end_at
    WHERE meeting_id = new.id AND relation <> 'organizer';
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER meeting_people_times BEFORE INSERT ON meeting_people FOR EACH ROW
    WHEN (new.relation <> 'organizer' AND new.start_at IS NULL) EXECUTE FUNCTION copy_times();
CREATE TRIGGER meetings_times AFTER UPDATE OF start_at, end_at ON meetings FOR EACH ROW
    WHEN (old.start_at IS DISTINCT FROM new.start_at OR old.end_at IS DISTINCT FROM new.end_at) EXECUTE FUNCTION copy_new_times();
