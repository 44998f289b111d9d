-- +goose Up

-- What an attempt is about: the meeting, a look at it, or the name of one option. A
-- newer attempt of the same concern takes an older one's place.
ALTER TABLE attempts ADD COLUMN concern TEXT NOT NULL DEFAULT 'meeting'
    CHECK (concern IN ('meeting', 'look', 'lobby', 'presenters', 'announce', 'record'));
UPDATE attempts SET concern = 'look' WHERE kind = 'refresh';
-- The person uses what Graph has instead of what was asked.
ALTER TABLE attempts ADD COLUMN accepted INTEGER NOT NULL DEFAULT 0 CHECK (accepted IN (0, 1));

-- What Graph wants the next token to satisfy, as JSON.
ALTER TABLE calls ADD COLUMN claims TEXT NOT NULL DEFAULT '';

ALTER TABLE meetings ADD COLUMN announce TEXT NOT NULL DEFAULT '' CHECK (announce IN ('', 'on', 'off'));
ALTER TABLE meetings ADD COLUMN record TEXT NOT NULL DEFAULT '' CHECK (record IN ('', 'on', 'off'));

-- The few meetings that are somebody's who is not their organizer.
CREATE INDEX meeting_people_others ON meeting_people (user_id) WHERE relation <> 'organizer';
