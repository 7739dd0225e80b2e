-- Licences, penalties and coercive measures. name is empty for natural persons, whose name is
-- sealed; masked is what anybody may see. fields hold the standard's other fields, none personal.
CREATE TABLE credit_decision (
  id            TEXT PRIMARY KEY,
  agency        TEXT NOT NULL,
  kind          TEXT NOT NULL,
  state         TEXT NOT NULL,
  no            TEXT NOT NULL,
  decided_on    DATE NOT NULL,
  name          TEXT NOT NULL,
  sealed        TEXT NOT NULL,
  masked        TEXT NOT NULL,
  person        BOOLEAN NOT NULL,
  fine          BIGINT NOT NULL,
  fields        TEXT NOT NULL,
  published_on  DATE,
  show_until    DATE,
  reason        TEXT NOT NULL,
  overturned    DATE,
  ended_on      DATE,
  batch         TEXT NOT NULL,
  sort_key      TEXT NOT NULL,
  version       BIGINT NOT NULL,
  created_at    TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX credit_decision_no ON credit_decision (agency, kind, no);
CREATE INDEX credit_decision_list ON credit_decision (agency, kind, sort_key);
CREATE INDEX credit_decision_watch ON credit_decision (agency, state, decided_on);
CREATE INDEX credit_decision_end ON credit_decision (state, show_until);
-- Administrative fees collected (行政事业性收费); amount in millionths of 万元.
CREATE TABLE credit_fee (
  id          TEXT PRIMARY KEY,
  agency      TEXT NOT NULL,
  year        BIGINT NOT NULL,
  name        TEXT NOT NULL,
  basis       TEXT NOT NULL,
  standard    TEXT NOT NULL,
  amount      BIGINT NOT NULL,
  retracted   BOOLEAN NOT NULL,
  version     BIGINT NOT NULL,
  created_at  TIMESTAMPTZ NOT NULL
);
CREATE INDEX credit_fee_list ON credit_fee (agency, year, name);
