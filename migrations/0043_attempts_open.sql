-- +goose Up

-- Only PostgreSQL needs another index. See migrations/postgres/0043_attempts_open.sql.
SELECT 1;
