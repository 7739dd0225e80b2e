-- How far a mailbox was read. since is the day from which its mail counts: set when it was first
-- opened, so that the mail of earlier years does not become requests.
CREATE TABLE mailbox_mark (
  id          TEXT PRIMARY KEY,
  validity    BIGINT NOT NULL,
  next_uid    BIGINT NOT NULL,
  since       DATE NOT NULL,
  read_at     TIMESTAMPTZ,
  trouble     TEXT NOT NULL
);
-- Mail that arrived. sealed holds who wrote what; everything else is for finding and counting.
-- content tells whether the same mail was taken before.
CREATE TABLE mailbox_message (
  id          TEXT PRIMARY KEY,
  agency      TEXT NOT NULL,
  content     TEXT NOT NULL,
  sealed      TEXT NOT NULL,
  kind        TEXT NOT NULL,
  state       TEXT NOT NULL,
  remarks     TEXT NOT NULL,
  size        BIGINT NOT NULL,
  files       BIGINT NOT NULL,
  about       TEXT NOT NULL,
  about_id    TEXT NOT NULL,
  handler     TEXT NOT NULL,
  reason      TEXT NOT NULL,
  arrived_at  TIMESTAMPTZ NOT NULL,
  taken_at    TIMESTAMPTZ NOT NULL,
  ended_at    TIMESTAMPTZ,
  version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX mailbox_message_content ON mailbox_message (content);
CREATE INDEX mailbox_message_list ON mailbox_message (agency, state, id);
CREATE INDEX mailbox_message_about ON mailbox_message (about, about_id);
-- Its attachments, sealed with their names.
CREATE TABLE mailbox_file (
  id       TEXT PRIMARY KEY,
  message  TEXT NOT NULL REFERENCES mailbox_message (id),
  no       BIGINT NOT NULL,
  size     BIGINT NOT NULL,
  sealed   TEXT NOT NULL
);
CREATE INDEX mailbox_file_message ON mailbox_file (message, no);
