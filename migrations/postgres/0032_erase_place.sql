-- +goose Up

-- The second part of the place, in tables whose primary key has two columns.
ALTER TABLE retention_tasks ADD COLUMN after_second BIGINT NOT NULL DEFAULT 0;
