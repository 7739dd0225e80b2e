-- Bringing in what was published elsewhere: how far each source was read, and by what each
-- article is known again.
CREATE TABLE legacy_run (
  id          TEXT PRIMARY KEY,
  agency      TEXT NOT NULL,
  source      TEXT NOT NULL,
  started_at  TIMESTAMPTZ NOT NULL,
  updated_at  TIMESTAMPTZ NOT NULL,
  ended_at    TIMESTAMPTZ,
  read_rows   BIGINT NOT NULL,
  created     BIGINT NOT NULL,
  known       BIGINT NOT NULL,
  refused     BIGINT NOT NULL,
  version     BIGINT NOT NULL
);
CREATE INDEX legacy_run_source ON legacy_run (agency, source, started_at);
CREATE TABLE legacy_mark (
  agency  TEXT NOT NULL,
  mark    TEXT NOT NULL,
  item    TEXT NOT NULL,
  PRIMARY KEY (agency, mark)
);
CREATE INDEX item_live ON item (shown_at, id) WHERE status = 'live';
