-- What attachments say, as the text index takes it in: read once for each content, by a job.
-- It can be made anew from the files.
CREATE TABLE file_text (
  digest  TEXT PRIMARY KEY,
  state   TEXT NOT NULL,
  reason  TEXT NOT NULL,
  at      TIMESTAMPTZ NOT NULL,
  text    TEXT NOT NULL
);
