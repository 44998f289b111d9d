-- +goose Up

-- Who gave the person access; NULL if the person chose to use the meeting of a ticket they know.
ALTER TABLE meeting_people ADD COLUMN given_by INTEGER REFERENCES users (id);

-- Access that ended, the last time for each person and meeting. If somebody else ended it, the person
-- cannot take it again with the ticket.
CREATE TABLE ended_access (
    meeting_id INTEGER NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    ended_by   INTEGER NOT NULL REFERENCES users (id),
    ended_at   INTEGER NOT NULL,
    PRIMARY KEY (meeting_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ended_access_user ON ended_access (user_id);
