-- What an installation knows of itself.
CREATE TABLE installation (
  name   TEXT PRIMARY KEY,
  value  TEXT NOT NULL
);
