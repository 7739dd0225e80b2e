-- Who is told of a body's events. Secrets are sealed; previous counts until until.
CREATE TABLE webhook_subscription (
  id          TEXT PRIMARY KEY,
  agency      TEXT NOT NULL,
  name        TEXT NOT NULL,
  url         TEXT NOT NULL,
  types       TEXT NOT NULL,
  secret      TEXT NOT NULL,
  previous    TEXT NOT NULL,
  until       TIMESTAMPTZ,
  live        BOOLEAN NOT NULL,
  why         TEXT NOT NULL,
  created_at  TIMESTAMPTZ NOT NULL,
  version     BIGINT NOT NULL
);
CREATE INDEX webhook_subscription_agency ON webhook_subscription (agency);
-- What happened, written in the transaction in which it did; never personal data.
CREATE TABLE webhook_event (
  id       TEXT PRIMARY KEY,
  type     TEXT NOT NULL,
  agency   TEXT NOT NULL,
  subject  TEXT NOT NULL,
  data     TEXT NOT NULL,
  at       TIMESTAMPTZ NOT NULL
);
CREATE INDEX webhook_event_at ON webhook_event (at);
-- One event on its way to one subscriber.
CREATE TABLE webhook_delivery (
  id            TEXT PRIMARY KEY,
  event         TEXT NOT NULL REFERENCES webhook_event (id),
  subscription  TEXT NOT NULL REFERENCES webhook_subscription (id),
  type          TEXT NOT NULL,
  state         TEXT NOT NULL,
  attempts      BIGINT NOT NULL,
  status        BIGINT NOT NULL,
  trouble       TEXT NOT NULL,
  asked_at      TIMESTAMPTZ NOT NULL,
  tried_at      TIMESTAMPTZ
);
CREATE INDEX webhook_delivery_subscription ON webhook_delivery (subscription, id);
CREATE INDEX webhook_delivery_event ON webhook_delivery (event);
