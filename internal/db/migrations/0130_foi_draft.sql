-- Requests somebody is still writing on the portal. mark is a keyed digest of the draft's code;
-- everything that was typed or brought is sealed. They are gone after ends_at.
CREATE TABLE foi_draft (
  id        TEXT PRIMARY KEY,
  mark      TEXT NOT NULL,
  sealed    TEXT NOT NULL,
  began_at  TIMESTAMPTZ NOT NULL,
  ends_at   TIMESTAMPTZ NOT NULL,
  version   BIGINT NOT NULL
);
CREATE UNIQUE INDEX foi_draft_mark ON foi_draft (mark);
CREATE INDEX foi_draft_ends ON foi_draft (ends_at);
-- Their files stand here and not among the installation's: those are never removed.
CREATE TABLE foi_draft_file (
  id       TEXT PRIMARY KEY,
  draft    TEXT NOT NULL REFERENCES foi_draft (id),
  kind     TEXT NOT NULL,
  name     TEXT NOT NULL,
  size     BIGINT NOT NULL,
  content  TEXT NOT NULL
);
CREATE INDEX foi_draft_file_draft ON foi_draft_file (draft, id);
