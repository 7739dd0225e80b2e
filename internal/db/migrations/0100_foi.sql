-- Requests for information (依申请公开). foi_request holds what lists and counts need, nothing
-- personal in the open: masked is a masked name, the marks are keyed digests. foi_record holds the
-- rest, sealed. due and due_sure are what the clock said last; they order lists and decide nothing.
CREATE TABLE foi_request (
  id            TEXT PRIMARY KEY,
  agency        TEXT NOT NULL,
  no            TEXT NOT NULL,
  digits        TEXT NOT NULL,
  channel       TEXT NOT NULL,
  nature        TEXT NOT NULL,
  state         TEXT NOT NULL,
  kind          TEXT NOT NULL,
  title         TEXT NOT NULL,
  masked        TEXT NOT NULL,
  department    TEXT NOT NULL,
  handlers      TEXT NOT NULL,
  submitted_on  DATE NOT NULL,
  received      DATE,
  due           DATE,
  due_sure      BOOLEAN NOT NULL,
  extended      BOOLEAN NOT NULL,
  closed_on     DATE,
  outcome       TEXT NOT NULL,
  late          BOOLEAN NOT NULL,
  counted       BOOLEAN NOT NULL,
  reopens       TEXT NOT NULL,
  parent        TEXT NOT NULL,
  merged_into   TEXT NOT NULL,
  log_state     TEXT NOT NULL,
  code          TEXT NOT NULL,
  applicant     TEXT NOT NULL,
  sought        TEXT NOT NULL,
  subject       TEXT NOT NULL,
  version       BIGINT NOT NULL,
  created_at    TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX foi_request_code ON foi_request (code);
CREATE INDEX foi_request_list ON foi_request (agency, id);
CREATE INDEX foi_request_state ON foi_request (agency, state, id);
CREATE INDEX foi_request_due ON foi_request (agency, state, due);
CREATE INDEX foi_request_no ON foi_request (agency, no);
CREATE INDEX foi_request_applicant ON foi_request (agency, applicant, received);
CREATE INDEX foi_request_sought ON foi_request (agency, sought);
CREATE INDEX foi_request_subject ON foi_request (subject, id);
CREATE INDEX foi_request_received ON foi_request (agency, counted, received, kind);
CREATE INDEX foi_request_closed ON foi_request (agency, counted, closed_on, outcome, kind);
CREATE INDEX foi_request_open ON foi_request (state, due);
CREATE INDEX foi_request_reopens ON foi_request (reopens);
CREATE INDEX foi_request_parent ON foi_request (parent);
CREATE TABLE foi_record (
  id      TEXT PRIMARY KEY REFERENCES foi_request (id),
  sealed  TEXT NOT NULL
);
-- Who handles which request, for the lists of those who see only their own.
CREATE TABLE foi_handler (
  request  TEXT NOT NULL REFERENCES foi_request (id),
  account  TEXT NOT NULL,
  PRIMARY KEY (request, account)
);
CREATE INDEX foi_handler_account ON foi_handler (account, request);
-- Files of a request. The content stands sealed among the installation's files; name is sealed too.
CREATE TABLE foi_file (
  id          TEXT PRIMARY KEY,
  request     TEXT NOT NULL REFERENCES foi_request (id),
  kind        TEXT NOT NULL,
  name        TEXT NOT NULL,
  digest      TEXT NOT NULL,
  size        BIGINT NOT NULL,
  media       TEXT NOT NULL,
  origin      TEXT NOT NULL,
  shared      BOOLEAN NOT NULL,
  report      TEXT NOT NULL,
  created_by  TEXT NOT NULL,
  created_at  TIMESTAMPTZ NOT NULL
);
CREATE INDEX foi_file_request ON foi_file (request, id);
-- Letters. sealed holds what the letter says and what its sending brings about.
CREATE TABLE foi_letter (
  id          TEXT PRIMARY KEY,
  request     TEXT NOT NULL REFERENCES foi_request (id),
  agency      TEXT NOT NULL,
  code        TEXT NOT NULL,
  no          TEXT NOT NULL,
  state       TEXT NOT NULL,
  sealed      TEXT NOT NULL,
  way         TEXT NOT NULL,
  sent_on     DATE,
  arrived_on  DATE,
  created_at  TIMESTAMPTZ NOT NULL,
  version     BIGINT NOT NULL
);
CREATE INDEX foi_letter_request ON foi_letter (request, id);
CREATE INDEX foi_letter_list ON foi_letter (agency, state, id);
CREATE INDEX foi_letter_no ON foi_letter (agency, no);
-- Running numbers of each body and year.
CREATE TABLE foi_number (
  agency  TEXT NOT NULL,
  kind    TEXT NOT NULL,
  year    BIGINT NOT NULL,
  n       BIGINT NOT NULL,
  PRIMARY KEY (agency, kind, year)
);
-- Settings of a body.
CREATE TABLE foi_setting (
  agency   TEXT PRIMARY KEY,
  data     TEXT NOT NULL,
  version  BIGINT NOT NULL
);
-- Links by which a colleague without an account answers once; only the link's digest is kept.
CREATE TABLE foi_link (
  digest   TEXT PRIMARY KEY,
  request  TEXT NOT NULL REFERENCES foi_request (id),
  item     BIGINT NOT NULL,
  until    TIMESTAMPTZ NOT NULL,
  used_at  TIMESTAMPTZ
);
CREATE INDEX foi_link_request ON foi_link (request);
-- Attempts from one address, against floods.
CREATE TABLE foi_try (
  id    TEXT PRIMARY KEY,
  mark  TEXT NOT NULL,
  at    TIMESTAMPTZ NOT NULL
);
CREATE INDEX foi_try_mark ON foi_try (mark, at);
