-- Files kept in the data folder, named by the digest of their content. Rows stay for ever.
-- fault says what the last check found wrong, '' for nothing.
CREATE TABLE blob (
  digest      TEXT PRIMARY KEY,
  sha256      TEXT NOT NULL,
  size        BIGINT NOT NULL,
  media       TEXT NOT NULL,
  kept_at     TIMESTAMPTZ NOT NULL,
  checked_at  TIMESTAMPTZ,
  fault       TEXT NOT NULL
);
CREATE INDEX blob_fault ON blob (digest) WHERE fault <> '';
