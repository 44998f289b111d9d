-- +goose Up

-- Attempts on replaced meetings cannot be repeated, so they are no longer open.
UPDATE attempts SET state = 'superseded'
WHERE state IN ('pending', 'unfinished', 'failed') AND meeting_id IN (SELECT id FROM meetings WHERE state = 'replaced');
