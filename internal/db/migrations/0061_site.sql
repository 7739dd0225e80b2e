-- How a body's site presents itself: its address, its looks and the marks every page bears. A
-- body without a row has the usual ones.
CREATE TABLE site (
  id          TEXT PRIMARY KEY REFERENCES agency (id),
  main        BOOLEAN NOT NULL,
  slug        TEXT NOT NULL,
  host        TEXT NOT NULL,
  name        TEXT NOT NULL,
  description TEXT NOT NULL,
  theme       TEXT NOT NULL,
  emblem      BOOLEAN NOT NULL,
  sponsor     TEXT NOT NULL,
  operator    TEXT NOT NULL,
  contact     TEXT NOT NULL,
  icp         TEXT NOT NULL,
  police      TEXT NOT NULL,
  fault_url   TEXT NOT NULL,
  mark_url    TEXT NOT NULL,
  changed_at  TIMESTAMPTZ NOT NULL,
  version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX site_slug ON site (slug) WHERE slug <> '';
CREATE UNIQUE INDEX site_host ON site (host) WHERE host <> '';
CREATE UNIQUE INDEX site_main ON site (main) WHERE main;
