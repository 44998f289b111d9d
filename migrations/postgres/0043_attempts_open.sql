-- +goose Up

-- With the ID, a person's newest open attempts are read in the order of the index. SQLite's
-- indexes always contain it.
DROP INDEX attempts_open;
CREATE INDEX attempts_open ON attempts (state, actor_id, id) WHERE state IN ('pending', 'unfinished', 'failed');
