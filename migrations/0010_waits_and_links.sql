-- +goose Up

-- Until when Microsoft asked not to be called: one row for each service and person
-- at most, 0 for the whole desk. What is over is deleted by the next that comes.
CREATE TABLE waits (
    service  TEXT NOT NULL CHECK (service IN ('graph', 'directory', 'sign-in', 'application')),
    user_id  INTEGER NOT NULL,
    until_at INTEGER NOT NULL,
    PRIMARY KEY (service, user_id)
) STRICT, WITHOUT ROWID;

-- When the answer to a call allows the next.
ALTER TABLE calls ADD COLUMN retry_at INTEGER;

-- Graph may say nothing of the thread and the meeting ID: the join link has them, so
-- that a meeting is found by either. The patterns spare the functions the links in
-- which there is nothing to find.
UPDATE meetings SET thread_id = link_thread(join_url)
WHERE thread_id = '' AND join_url LIKE '%thread%';
UPDATE meetings SET join_meeting_id = link_meeting_id(join_url)
WHERE join_meeting_id = '' AND join_url LIKE '%meet/%';
