-- Index numbers (索引号). A series is a template's number without serial and date; last is the
-- serial given last in it, in a year.
CREATE TABLE index_series (
  series  TEXT NOT NULL,
  year    BIGINT NOT NULL,
  last    BIGINT NOT NULL,
  PRIMARY KEY (series, year)
);
-- Every number ever given or taken over. Rows stay for ever: a number is never given twice.
CREATE TABLE index_number (
  number    TEXT PRIMARY KEY,
  agency    TEXT NOT NULL,
  series    TEXT NOT NULL,
  year      BIGINT NOT NULL,
  serial    BIGINT NOT NULL,
  given_at  TIMESTAMPTZ NOT NULL
);
CREATE INDEX index_number_agency ON index_number (agency, year, serial);
-- The template of each body, and which date its year is of: written or shown.
CREATE TABLE index_template (
  id        TEXT PRIMARY KEY,
  template  TEXT NOT NULL,
  dated     TEXT NOT NULL,
  version   BIGINT NOT NULL
);
