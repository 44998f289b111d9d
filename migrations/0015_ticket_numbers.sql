-- +goose Up

-- The number of a ticket without its letters and the zeros before it, so that a ticket
-- is found by what a caller remembers of it.
CREATE INDEX meetings_ticket_number ON meetings (ltrim(ticket_key, 'abcdefghijklmnopqrstuvwxyz-0')) WHERE ticket_key IS NOT NULL;
