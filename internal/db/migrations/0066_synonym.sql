-- The words that find each other in searches, as the operator wrote them: one row.
CREATE TABLE synonym_list (
  id          TEXT PRIMARY KEY,
  text        TEXT NOT NULL,
  own_only    BOOLEAN NOT NULL,
  changed_at  TIMESTAMPTZ NOT NULL,
  changed_by  TEXT NOT NULL,
  version     BIGINT NOT NULL
);
