-- What was done, by whom, when, on which ground. Rows are only ever added; each carries the
-- digest of the one before it.
CREATE TABLE audit_entry (
  seq         BIGINT PRIMARY KEY,
  at          TIMESTAMPTZ NOT NULL,
  actor       TEXT NOT NULL,
  actor_name  TEXT NOT NULL,
  behalf      TEXT,
  remote      TEXT NOT NULL,
  agency      TEXT NOT NULL,
  act         TEXT NOT NULL,
  subject     TEXT NOT NULL,
  subject_id  TEXT NOT NULL,
  version     BIGINT NOT NULL,
  title       TEXT NOT NULL,
  cite        TEXT NOT NULL,
  reason      TEXT NOT NULL,
  detail      TEXT NOT NULL,
  previous    TEXT NOT NULL,
  digest      TEXT NOT NULL
);
CREATE INDEX audit_entry_subject ON audit_entry (subject, subject_id, seq);
CREATE INDEX audit_entry_agency ON audit_entry (agency, seq);
CREATE INDEX audit_entry_actor ON audit_entry (actor, seq);
CREATE TABLE audit_head (
  id      TEXT PRIMARY KEY,
  seq     BIGINT NOT NULL,
  digest  TEXT NOT NULL
);
INSERT INTO audit_head (id, seq, digest) VALUES ('head', 0, '');
