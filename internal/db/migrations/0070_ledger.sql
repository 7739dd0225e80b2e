-- The public log of what was published, corrected and retracted. Entries and tiles are only ever
-- added to; seq begins at 0. salt goes into the record that the entry's digest is of.
CREATE TABLE ledger_entry (
  seq      BIGINT PRIMARY KEY,
  item     TEXT NOT NULL,
  edition  TEXT NOT NULL,
  act      TEXT NOT NULL,
  at       TIMESTAMPTZ NOT NULL,
  record   TEXT NOT NULL,
  salt     TEXT NOT NULL,
  text     TEXT NOT NULL
);
CREATE INDEX ledger_entry_item ON ledger_entry (item, seq);
CREATE TABLE ledger_tile (
  level   BIGINT NOT NULL,
  n       BIGINT NOT NULL,
  hashes  BYTEA NOT NULL,
  PRIMARY KEY (level, n)
);
CREATE TABLE ledger_key (
  id          TEXT PRIMARY KEY,
  public      TEXT NOT NULL,
  sealed      TEXT NOT NULL,
  made_at     TIMESTAMPTZ NOT NULL,
  retired_at  TIMESTAMPTZ
);
CREATE TABLE ledger_head (
  id          TEXT PRIMARY KEY,
  origin      TEXT NOT NULL,
  size        BIGINT NOT NULL,
  checkpoint  TEXT NOT NULL,
  at          TIMESTAMPTZ
);
INSERT INTO ledger_head (id, origin, size, checkpoint, at) VALUES ('head', '', 0, '', NULL);
