-- Holiday notices loaded after the program was built, a row a year; a later loading of the
-- same year takes the place of the earlier.
CREATE TABLE holiday_notice (
  id         TEXT PRIMARY KEY,
  notice     TEXT NOT NULL,
  loaded_at  TIMESTAMPTZ NOT NULL,
  loaded_by  TEXT NOT NULL,
  version    BIGINT NOT NULL
);
