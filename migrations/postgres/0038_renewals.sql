-- +goose Up

-- Until this time, one desk alone may send the refresh token to the provider. The server's
-- clock decides.
ALTER TABLE grants ADD COLUMN renewal_until BIGINT NOT NULL DEFAULT 0;
