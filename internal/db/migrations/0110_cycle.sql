-- Annual reports in the making (年报编制): one row for each version of a body's report on a year.
-- figures are the cells as they stand, base those counted or added up, entered those typed in;
-- signed is the data file that was signed, which nothing changes any more.
CREATE TABLE report_version (
  id           TEXT PRIMARY KEY,
  agency       TEXT NOT NULL REFERENCES agency (id),
  year         BIGINT NOT NULL,
  no           BIGINT NOT NULL,
  head         BOOLEAN NOT NULL,
  state        TEXT NOT NULL,
  reason       TEXT NOT NULL,
  merged       BOOLEAN NOT NULL,
  offline      BOOLEAN NOT NULL,
  snapshot     TEXT NOT NULL,
  base         TEXT NOT NULL,
  entered      TEXT NOT NULL,
  figures      TEXT NOT NULL,
  facts        TEXT NOT NULL,
  body         TEXT NOT NULL,
  explained    TEXT NOT NULL,
  account      TEXT NOT NULL,
  editors      TEXT NOT NULL,
  hash         TEXT NOT NULL,
  errors       BIGINT NOT NULL,
  warnings     BIGINT NOT NULL,
  checked_at   TIMESTAMPTZ,
  signed_on    DATE,
  signed_by    TEXT NOT NULL,
  signed       TEXT NOT NULL,
  digest       TEXT NOT NULL,
  item         TEXT NOT NULL,
  edition      TEXT NOT NULL,
  matter       TEXT NOT NULL,
  published_at TIMESTAMPTZ,
  receiver     TEXT NOT NULL,
  submitted_at TIMESTAMPTZ,
  decided_at   TIMESTAMPTZ,
  decided_by   TEXT NOT NULL,
  remark       TEXT NOT NULL,
  locked_at    TIMESTAMPTZ,
  step_at      TIMESTAMPTZ NOT NULL,
  created_at   TIMESTAMPTZ NOT NULL,
  created_by   TEXT NOT NULL,
  version      BIGINT NOT NULL
);
CREATE UNIQUE INDEX report_version_no ON report_version (agency, year, no);
CREATE INDEX report_version_receiver ON report_version (receiver, year, agency, no);
CREATE INDEX report_version_edition ON report_version (item);

-- What was counted at one time, with the records behind it.
CREATE TABLE report_snapshot (
  id      TEXT PRIMARY KEY,
  report  TEXT NOT NULL REFERENCES report_version (id),
  at      TIMESTAMPTZ NOT NULL,
  by_id   TEXT NOT NULL,
  by_name TEXT NOT NULL,
  figures TEXT NOT NULL,
  records TEXT NOT NULL
);
CREATE INDEX report_snapshot_report ON report_snapshot (report, at, id);

-- Reviews, signatures and what the supervising body said.
CREATE TABLE report_opinion (
  id     TEXT PRIMARY KEY,
  report TEXT NOT NULL REFERENCES report_version (id),
  step   TEXT NOT NULL,
  hash   TEXT NOT NULL,
  actor  TEXT NOT NULL,
  name   TEXT NOT NULL,
  behalf TEXT NOT NULL,
  text   TEXT NOT NULL,
  at     TIMESTAMPTZ NOT NULL
);
CREATE INDEX report_opinion_report ON report_opinion (report, at, id);

-- What each body gave to a merged report.
CREATE TABLE report_part (
  id      TEXT PRIMARY KEY,
  report  TEXT NOT NULL REFERENCES report_version (id),
  agency  TEXT NOT NULL,
  name    TEXT NOT NULL,
  source  TEXT NOT NULL,
  no      BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  figures TEXT NOT NULL,
  place   BIGINT NOT NULL
);
CREATE INDEX report_part_report ON report_part (report, place, id);

-- Keys that bodies without a connection sign with, and those of supervising bodies. secret is
-- sealed and empty for a key held elsewhere.
CREATE TABLE report_key (
  id          TEXT PRIMARY KEY,
  agency      TEXT NOT NULL REFERENCES agency (id),
  receiver    TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  public      TEXT NOT NULL,
  secret      TEXT NOT NULL,
  added_at    TIMESTAMPTZ NOT NULL,
  added_by    TEXT NOT NULL,
  revoked_at  TIMESTAMPTZ,
  version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX report_key_fingerprint ON report_key (agency, receiver, fingerprint);

-- That a body was reminded of its report.
CREATE TABLE report_reminder (
  id       TEXT PRIMARY KEY,
  agency   TEXT NOT NULL,
  year     BIGINT NOT NULL,
  receiver TEXT NOT NULL,
  at       TIMESTAMPTZ NOT NULL,
  by_name  TEXT NOT NULL
);
CREATE INDEX report_reminder_agency ON report_reminder (agency, year, at);

-- Every data file that was signed, also of a version taken back after.
CREATE TABLE report_signed (
  id     TEXT PRIMARY KEY,
  report TEXT NOT NULL REFERENCES report_version (id),
  digest TEXT NOT NULL,
  data   TEXT NOT NULL,
  at     TIMESTAMPTZ NOT NULL,
  by_id  TEXT NOT NULL
);
CREATE INDEX report_signed_report ON report_signed (report, at, id);
