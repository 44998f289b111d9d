-- +goose Up

-- No version of the desk has written to these tables. Imports get tables when they are
-- built, in the shape they then need.
DROP TABLE import_rows;
DROP TABLE imports;
