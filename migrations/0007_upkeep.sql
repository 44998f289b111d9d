-- +goose Up

-- By state first: what a stopped process left pending is found at the start without
-- going through all that ever failed.
DROP INDEX attempts_open;
CREATE INDEX attempts_open ON attempts (state, actor_id) WHERE state IN ('pending', 'unfinished', 'failed');

-- What the desk merges of the full-text index while nothing is recorded: two parts on
-- one level already, not only four.
INSERT INTO meetings_fts (meetings_fts, rank) VALUES ('usermerge', 2);
