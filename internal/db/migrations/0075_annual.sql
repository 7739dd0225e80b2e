-- Readings of published annual reports (年报): one for each edition of an item that was public.
-- listed says that the public finds it among a body's reports while that edition is shown;
-- figures are the report's cells alone, for lists and charts. Rows stay for ever.
CREATE TABLE annual_reading (
  id          TEXT PRIMARY KEY,
  item        TEXT NOT NULL REFERENCES item (id),
  edition     TEXT NOT NULL REFERENCES item_edition (id),
  publisher   TEXT NOT NULL,
  section     TEXT NOT NULL,
  title       TEXT NOT NULL,
  agency      TEXT NOT NULL,
  year        BIGINT NOT NULL,
  form        TEXT NOT NULL,
  state       TEXT NOT NULL,
  listed      BOOLEAN NOT NULL,
  asks        TEXT NOT NULL,
  source      TEXT NOT NULL,
  sources     TEXT NOT NULL,
  errors      BIGINT NOT NULL,
  warnings    BIGINT NOT NULL,
  infos       BIGINT NOT NULL,
  reason      TEXT NOT NULL,
  read_at     TIMESTAMPTZ NOT NULL,
  decided_at  TIMESTAMPTZ,
  decided_by  TEXT NOT NULL,
  version     BIGINT NOT NULL,
  figures     TEXT NOT NULL,
  report      TEXT NOT NULL
);
CREATE UNIQUE INDEX annual_reading_edition ON annual_reading (edition);
CREATE INDEX annual_reading_agency ON annual_reading (agency, year, id) WHERE listed;
CREATE INDEX annual_reading_publisher ON annual_reading (publisher, read_at, id);
