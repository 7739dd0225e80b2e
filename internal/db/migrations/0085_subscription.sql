-- Who wants to be told by mail of what is published. The address is sealed; mark finds it again.
-- Rows are deleted when the person withdraws, or cannot be reached.
CREATE TABLE subscriber (
  id          TEXT PRIMARY KEY,
  sealed      TEXT NOT NULL,
  mark        TEXT NOT NULL,
  failures    BIGINT NOT NULL,
  created_at  TIMESTAMPTZ NOT NULL,
  version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX subscriber_mark ON subscriber (mark);
-- What each wants. token is the digest of the one sent for confirmation; nothing else is sent
-- before it comes back.
CREATE TABLE subscription (
  id            TEXT PRIMARY KEY,
  subscriber    TEXT NOT NULL REFERENCES subscriber (id),
  kind          TEXT NOT NULL,
  target        TEXT NOT NULL,
  query         TEXT NOT NULL,
  rhythm        TEXT NOT NULL,
  lang          TEXT NOT NULL,
  token         TEXT NOT NULL,
  confirmed_at  TIMESTAMPTZ,
  since         TIMESTAMPTZ,
  next_at       TIMESTAMPTZ,
  created_at    TIMESTAMPTZ NOT NULL,
  version       BIGINT NOT NULL
);
CREATE UNIQUE INDEX subscription_once ON subscription (subscriber, kind, target, query);
CREATE INDEX subscription_due ON subscription (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX subscription_token ON subscription (token) WHERE token <> '';
CREATE INDEX subscription_target ON subscription (kind, target) WHERE confirmed_at IS NOT NULL;
-- Which items a subscriber was told of: each once.
CREATE TABLE subscription_sent (
  subscriber  TEXT NOT NULL REFERENCES subscriber (id),
  item        TEXT NOT NULL,
  at          TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (subscriber, item)
);
CREATE INDEX subscription_sent_at ON subscription_sent (at);
-- How often an address, mailed or of the network, asked lately, by keyed marks; gone after a day.
CREATE TABLE subscription_try (
  id    TEXT PRIMARY KEY,
  mark  TEXT NOT NULL,
  at    TIMESTAMPTZ NOT NULL
);
CREATE INDEX subscription_try_mark ON subscription_try (mark, at);
CREATE INDEX subscription_try_at ON subscription_try (at);
