-- Which documents changed, in the order of their transactions: what every node's text index is
-- fed from. An index that comes later than the oldest row here is made anew.
CREATE TABLE search_change (
  seq  BIGINT PRIMARY KEY,
  id   TEXT NOT NULL
);
CREATE TABLE search_head (
  id   TEXT PRIMARY KEY,
  seq  BIGINT NOT NULL
);
INSERT INTO search_head (id, seq) VALUES ('head', 0);
