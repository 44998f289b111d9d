-- +goose Up

-- The cells of ignored columns, as JSON. They may be most of a file, and only the result
-- needs them, so import_rows stays small without them.
CREATE TABLE import_extras (
    import_id INTEGER NOT NULL,
    position  INTEGER NOT NULL,
    cells     TEXT    NOT NULL,
    PRIMARY KEY (import_id, position),
    FOREIGN KEY (import_id, position) REFERENCES import_rows (import_id, position) ON DELETE CASCADE
) STRICT;
INSERT INTO import_extras (import_id, position, cells) SELECT import_id, position, extra FROM import_rows WHERE extra NOT IN ('', '[]', 'null');
ALTER TABLE import_rows DROP COLUMN extra;

-- With this index, the next row to work on and the counts of an import are found without
-- reading any row.
CREATE INDEX import_rows_state ON import_rows (import_id, state, position, not_before, lease_until, ended_at);
