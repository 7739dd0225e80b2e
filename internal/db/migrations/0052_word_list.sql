-- Word lists of the checks that the operator wrote. One that bears the name of a list of the
-- product stands in its place; one that is off counts no longer and is kept.
CREATE TABLE word_list (
  id          TEXT PRIMARY KEY,
  text        TEXT NOT NULL,
  off         BOOLEAN NOT NULL,
  changed_at  TIMESTAMPTZ NOT NULL,
  changed_by  TEXT NOT NULL,
  version     BIGINT NOT NULL
);
