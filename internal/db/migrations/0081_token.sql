-- Tokens by which other systems post drafts in a person's name. The secret itself is kept
-- nowhere: digest is that of it. submit says that it may also ask for the reviews.
CREATE TABLE account_token (
  id          TEXT PRIMARY KEY,
  account     TEXT NOT NULL REFERENCES account (id),
  name        TEXT NOT NULL,
  digest      TEXT NOT NULL,
  agency      TEXT NOT NULL,
  section     TEXT NOT NULL,
  submit      BOOLEAN NOT NULL,
  created_at  TIMESTAMPTZ NOT NULL,
  ends_at     TIMESTAMPTZ NOT NULL,
  used_at     TIMESTAMPTZ,
  used_from   TEXT NOT NULL,
  revoked_at  TIMESTAMPTZ,
  version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX account_token_digest ON account_token (digest);
CREATE INDEX account_token_account ON account_token (account, created_at);
-- What was posted under a key of the caller's own, so that the same post sent again after a
-- broken line makes nothing twice.
CREATE TABLE account_token_post (
  id       TEXT PRIMARY KEY,
  token    TEXT NOT NULL REFERENCES account_token (id),
  key      TEXT NOT NULL,
  digest   TEXT NOT NULL,
  edition  TEXT NOT NULL,
  at       TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX account_token_post_key ON account_token_post (token, key);
CREATE INDEX account_token_post_at ON account_token_post (at);
