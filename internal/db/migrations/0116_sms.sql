-- Short messages the installation was to send: which prepared text, when, to whom. The number is
-- sealed until the network has reported, then gone; mark counts what one number is sent.
CREATE TABLE sms_text (
  id          TEXT PRIMARY KEY,
  sealed      TEXT NOT NULL,
  masked      TEXT NOT NULL,
  mark        TEXT NOT NULL,
  template    TEXT NOT NULL,
  params      TEXT NOT NULL,
  about       TEXT NOT NULL,
  about_id    TEXT NOT NULL,
  state       TEXT NOT NULL,
  ticket      TEXT NOT NULL,
  trouble     TEXT NOT NULL,
  asked_at    TIMESTAMPTZ NOT NULL,
  sent_at     TIMESTAMPTZ,
  ended_at    TIMESTAMPTZ
);
CREATE INDEX sms_text_mark ON sms_text (mark, asked_at);
CREATE INDEX sms_text_asked ON sms_text (asked_at);
CREATE INDEX sms_text_about ON sms_text (about, about_id);
