-- Reconsideration and suits about requests (行政复议、行政诉讼). course holds the instances with their
-- courts, days and results, and is read as a whole; sealed holds who went there and what about.
-- settled_on is the last day of a result, NULL while something is pending, for choosing rows only.
CREATE TABLE foi_dispute (
  id            TEXT PRIMARY KEY,
  agency        TEXT NOT NULL,
  kind          TEXT NOT NULL,
  request       TEXT NOT NULL,
  after_review  TEXT NOT NULL,
  filed_on      DATE NOT NULL,
  settled_on    DATE,
  co_defendant  BOOLEAN NOT NULL,
  course        TEXT NOT NULL,
  sealed        TEXT NOT NULL,
  created_at    TIMESTAMPTZ NOT NULL,
  version       BIGINT NOT NULL
);
CREATE INDEX foi_dispute_list ON foi_dispute (agency, filed_on, id);
CREATE INDEX foi_dispute_open ON foi_dispute (agency, settled_on);
CREATE INDEX foi_dispute_request ON foi_dispute (request);
CREATE INDEX foi_dispute_after ON foi_dispute (after_review);
CREATE TABLE foi_dispute_file (
  id          TEXT PRIMARY KEY,
  dispute     TEXT NOT NULL REFERENCES foi_dispute (id),
  name        TEXT NOT NULL,
  digest      TEXT NOT NULL,
  size        BIGINT NOT NULL,
  media       TEXT NOT NULL,
  created_by  TEXT NOT NULL,
  created_at  TIMESTAMPTZ NOT NULL
);
CREATE INDEX foi_dispute_file_of ON foi_dispute_file (dispute, id);
-- Into which column of table four a body puts the results whose column no text we have seen fixes.
CREATE TABLE foi_dispute_setting (
  agency   TEXT PRIMARY KEY,
  data     TEXT NOT NULL,
  version  BIGINT NOT NULL
);
