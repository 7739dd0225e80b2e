-- What a body publishes of a request and its reply (申请答复公开目录), one entry a request. Plain text:
-- it is public once agreed, and holds nothing of the applicant. published_at is NULL until somebody
-- other than who proposed it agreed; an entry taken down stays, with taken_down_at, and is public no more.
CREATE TABLE foi_log (
  id             TEXT PRIMARY KEY REFERENCES foi_request (id),
  agency         TEXT NOT NULL,
  title          TEXT NOT NULL,
  sought         TEXT NOT NULL,
  outcome        TEXT NOT NULL,
  summary        TEXT NOT NULL,
  replied_on     DATE NOT NULL,
  proposed_by    TEXT NOT NULL,
  proposed_at    TIMESTAMPTZ NOT NULL,
  agreed_by      TEXT NOT NULL,
  published_at   TIMESTAMPTZ,
  taken_down_at  TIMESTAMPTZ,
  version        BIGINT NOT NULL
);
CREATE INDEX foi_log_public ON foi_log (agency, replied_on, id);
