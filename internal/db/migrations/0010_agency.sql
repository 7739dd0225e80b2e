-- Public bodies as they stand today. What a body was called, and under whom it stood, on an
-- earlier day is told by agency_period.
CREATE TABLE agency (
  id           TEXT PRIMARY KEY,
  name         TEXT NOT NULL,
  short_name   TEXT NOT NULL,
  kind         TEXT NOT NULL,
  level        TEXT NOT NULL,
  parent       TEXT NOT NULL,
  office       TEXT NOT NULL,
  supervisor   TEXT NOT NULL,
  overseer     TEXT NOT NULL,
  org_code     TEXT NOT NULL,
  credit_code  TEXT NOT NULL,
  region       TEXT NOT NULL,
  site_code    TEXT NOT NULL,
  sort_key     BIGINT NOT NULL,
  since        DATE NOT NULL,
  until        DATE,
  ending       TEXT NOT NULL,
  successors   TEXT NOT NULL,
  basis        TEXT NOT NULL,
  created_at   TIMESTAMPTZ NOT NULL,
  version      BIGINT NOT NULL
);
CREATE UNIQUE INDEX agency_name ON agency (name) WHERE until IS NULL;
CREATE UNIQUE INDEX agency_org_code ON agency (org_code) WHERE until IS NULL AND org_code <> '';
CREATE UNIQUE INDEX agency_credit_code ON agency (credit_code) WHERE until IS NULL AND credit_code <> '';
CREATE UNIQUE INDEX agency_site_code ON agency (site_code) WHERE until IS NULL AND site_code <> '';
CREATE INDEX agency_parent ON agency (parent);
CREATE INDEX agency_overseer ON agency (overseer);
-- One row for each stretch of time in which nothing of it changed: from since to the day
-- before until.
CREATE TABLE agency_period (
  id           TEXT PRIMARY KEY,
  agency       TEXT NOT NULL REFERENCES agency (id),
  since        DATE NOT NULL,
  until        DATE,
  name         TEXT NOT NULL,
  short_name   TEXT NOT NULL,
  kind         TEXT NOT NULL,
  level        TEXT NOT NULL,
  parent       TEXT NOT NULL,
  office       TEXT NOT NULL,
  supervisor   TEXT NOT NULL,
  org_code     TEXT NOT NULL,
  credit_code  TEXT NOT NULL,
  region       TEXT NOT NULL,
  site_code    TEXT NOT NULL,
  basis        TEXT NOT NULL,
  recorded_at  TIMESTAMPTZ NOT NULL,
  version      BIGINT NOT NULL
);
CREATE UNIQUE INDEX agency_period_start ON agency_period (agency, since);
CREATE INDEX agency_period_day ON agency_period (since, until);
-- The card of a body's office of open government information (条例第十二条).
CREATE TABLE agency_contact (
  id          TEXT PRIMARY KEY REFERENCES agency (id),
  office      TEXT NOT NULL,
  address     TEXT NOT NULL,
  hours       TEXT NOT NULL,
  phone       TEXT NOT NULL,
  fax         TEXT NOT NULL,
  online      TEXT NOT NULL,
  email       TEXT NOT NULL,
  postcode    TEXT NOT NULL,
  changed_at  TIMESTAMPTZ NOT NULL,
  version     BIGINT NOT NULL
);
