-- People a platform of identity vouched for. mark finds a person again by the platform's key of
-- them; who it is, is sealed.
CREATE TABLE identity_person (
  id        TEXT PRIMARY KEY,
  mark      TEXT NOT NULL,
  kind      TEXT NOT NULL,
  level     TEXT NOT NULL,
  sealed    TEXT NOT NULL,
  first_at  TIMESTAMPTZ NOT NULL,
  last_at   TIMESTAMPTZ NOT NULL,
  version   BIGINT NOT NULL
);
CREATE UNIQUE INDEX identity_person_mark ON identity_person (mark);
-- Their sessions; the cookie's secret is kept as a digest.
CREATE TABLE identity_session (
  id       TEXT PRIMARY KEY,
  person   TEXT NOT NULL REFERENCES identity_person (id),
  digest   TEXT NOT NULL,
  began_at TIMESTAMPTZ NOT NULL,
  used_at  TIMESTAMPTZ NOT NULL,
  ends_at  TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX identity_session_digest ON identity_session (digest);
CREATE INDEX identity_session_person ON identity_session (person);
CREATE INDEX identity_session_ends ON identity_session (ends_at);
