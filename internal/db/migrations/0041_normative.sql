-- Rules and normative documents (规章、行政规范性文件). sort_key orders lists: day of issue, or of
-- entry for drafts, then the key.
CREATE TABLE normative_record (
  id              TEXT PRIMARY KEY,
  agency          TEXT NOT NULL,
  kind            TEXT NOT NULL,
  title           TEXT NOT NULL,
  doc_no          TEXT NOT NULL,
  item            TEXT NOT NULL,
  state           TEXT NOT NULL,
  trial           BOOLEAN NOT NULL,
  market          BOOLEAN NOT NULL,
  important       BOOLEAN NOT NULL,
  interpret       BOOLEAN NOT NULL,
  steps           TEXT NOT NULL,
  adopted_on      DATE,
  issued_on       DATE,
  published_on    DATE,
  effective_on    DATE,
  expires_on      DATE,
  headnote        TEXT NOT NULL,
  changes         TEXT NOT NULL,
  ended_on        DATE,
  ended_by        TEXT NOT NULL,
  reason          TEXT NOT NULL,
  successor       TEXT NOT NULL,
  interpretation  TEXT NOT NULL,
  interpreted_on  DATE,
  filed_on        DATE,
  filed_no        TEXT NOT NULL,
  sort_key        TEXT NOT NULL,
  version         BIGINT NOT NULL,
  created_at      TIMESTAMPTZ NOT NULL
);
CREATE INDEX normative_record_list ON normative_record (agency, sort_key);
CREATE INDEX normative_record_state ON normative_record (state, effective_on, expires_on);
CREATE INDEX normative_record_item ON normative_record (item);
-- No two records of a body bear the same number; drafts have none.
CREATE UNIQUE INDEX normative_record_number ON normative_record (agency, doc_no) WHERE doc_no <> '';
-- Cleaning lists (清理目录): each line is a record with the verdict on it.
CREATE TABLE normative_cleaning (
  id          TEXT PRIMARY KEY,
  agency      TEXT NOT NULL,
  title       TEXT NOT NULL,
  as_of       DATE NOT NULL,
  lines       TEXT NOT NULL,
  decided_on  DATE,
  decided_by  TEXT NOT NULL,
  version     BIGINT NOT NULL,
  created_at  TIMESTAMPTZ NOT NULL
);
CREATE INDEX normative_cleaning_list ON normative_cleaning (agency, as_of);
