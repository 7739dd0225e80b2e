-- Letters with contents of their own: what of a mail is personal is sealed beside the address, and
-- its attachments too, until it is sent.
ALTER TABLE notify_mail ADD COLUMN private TEXT NOT NULL DEFAULT '';
CREATE TABLE notify_file (
  id      TEXT PRIMARY KEY,
  mail    TEXT NOT NULL REFERENCES notify_mail (id),
  no      BIGINT NOT NULL,
  sealed  TEXT NOT NULL
);
CREATE INDEX notify_file_mail ON notify_file (mail, no);
