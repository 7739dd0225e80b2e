-- The guide to open government information (政府信息公开指南) of each body: what is worked on, and
-- every edition published.
CREATE TABLE guide (
  id          TEXT PRIMARY KEY,
  content     TEXT NOT NULL,
  updated_at  TIMESTAMPTZ NOT NULL,
  version     BIGINT NOT NULL
);
CREATE TABLE guide_edition (
  id            TEXT PRIMARY KEY,
  agency        TEXT NOT NULL,
  no            BIGINT NOT NULL,
  content       TEXT NOT NULL,
  published_at  TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX guide_edition_no ON guide_edition (agency, no);
