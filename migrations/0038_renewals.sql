-- +goose Up

-- Until this time, one desk alone may send the refresh token to the provider. With SQLite, it is
-- always 0.
ALTER TABLE grants ADD COLUMN renewal_until INTEGER NOT NULL DEFAULT 0;
