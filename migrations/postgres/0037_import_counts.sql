-- +goose Up

-- The number of rows, and how many of them ended in each way. row_count is written with the
-- rows. The others are written when the import ends, and again if a row ends after that.
-- While an import runs or is paused, its rows are counted instead.
ALTER TABLE imports ADD COLUMN row_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE imports ADD COLUMN created BIGINT NOT NULL DEFAULT 0;
ALTER TABLE imports ADD COLUMN found BIGINT NOT NULL DEFAULT 0;
ALTER TABLE imports ADD COLUMN failed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE imports ADD COLUMN left_out BIGINT NOT NULL DEFAULT 0;
UPDATE imports SET (row_count, created, found, failed, left_out) = (
	SELECT count(*), count(*) FILTER (WHERE r.state = 'created'), count(*) FILTER (WHERE r.state = 'found'), count(*) FILTER (WHERE r.state = 'failed'), count(*) FILTER (WHERE r.state = 'left')
	FROM import_rows r WHERE r.import_id = imports.id);
