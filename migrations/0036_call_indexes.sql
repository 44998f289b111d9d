-- +goose Up

-- Five characters find an identifier as well as eight, because a stored one has 6 random
-- bits in each character after the first.
DROP INDEX calls_request;
DROP INDEX calls_client_request;
CREATE INDEX calls_request ON calls (substr(request_id, 1, 5)) WHERE request_id <> '';
CREATE INDEX calls_client_request ON calls (substr(client_request_id, 1, 5)) WHERE client_request_id <> '';
