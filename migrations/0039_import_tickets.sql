-- +goose Up

-- Finds the rows that have planned a meeting for a ticket but not created it yet.
CREATE INDEX import_rows_ticket ON import_rows (ticket_key) WHERE state IN ('waiting', 'running', 'failed');
