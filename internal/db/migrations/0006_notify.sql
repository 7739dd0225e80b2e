-- Mail the installation was to send: what, when, to whom. The address is sealed until the mail
-- is sent, then gone; its masked form stays.
CREATE TABLE notify_mail (
  id         TEXT PRIMARY KEY,
  account    TEXT NOT NULL,
  sealed     TEXT NOT NULL,
  masked     TEXT NOT NULL,
  about      TEXT NOT NULL,
  about_id   TEXT NOT NULL,
  subject    TEXT NOT NULL,
  text       TEXT NOT NULL,
  state      TEXT NOT NULL,
  trouble    TEXT NOT NULL,
  asked_at   TIMESTAMPTZ NOT NULL,
  ended_at   TIMESTAMPTZ
);
CREATE INDEX notify_mail_account ON notify_mail (account, id);
