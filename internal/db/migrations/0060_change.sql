-- What the public may see differently since, in the order of the transactions: what cached
-- pages, copies of the portal and harvesters of other systems are kept true by.
CREATE TABLE change (
  seq  BIGINT PRIMARY KEY,
  tag  TEXT NOT NULL,
  at   TIMESTAMPTZ NOT NULL
);
CREATE TABLE change_head (
  id   TEXT PRIMARY KEY,
  seq  BIGINT NOT NULL
);
INSERT INTO change_head (id, seq) VALUES ('head', 0);
