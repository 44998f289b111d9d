-- +goose Up

-- A ticket's meetings in the order in which they take place: what comes before and
-- after one of them is a look-up, however many there are.
DROP INDEX meetings_ticket;
CREATE INDEX meetings_ticket ON meetings (ticket_key, start_at);
