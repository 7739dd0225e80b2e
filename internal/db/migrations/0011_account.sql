-- People. Telephone and e-mail are sealed; the masks are what lists show.
CREATE TABLE account (
  id           TEXT PRIMARY KEY,
  login        TEXT NOT NULL,
  name         TEXT NOT NULL,
  agency       TEXT NOT NULL,
  department   TEXT NOT NULL,
  phone        TEXT NOT NULL,
  phone_mask   TEXT NOT NULL,
  email        TEXT NOT NULL,
  email_mask   TEXT NOT NULL,
  state        TEXT NOT NULL,
  lock_reason  TEXT NOT NULL,
  created_at   TIMESTAMPTZ NOT NULL,
  version      BIGINT NOT NULL
);
CREATE UNIQUE INDEX account_login ON account (login);
CREATE INDEX account_agency ON account (agency);
-- How a person signs in. A session is good while it bears the epoch; locking, a new
-- password and any change of roles begin a new one.
CREATE TABLE account_credential (
  id            TEXT PRIMARY KEY REFERENCES account (id),
  password      TEXT NOT NULL,
  password_at   TIMESTAMPTZ,
  must_change   BOOLEAN NOT NULL,
  totp          TEXT NOT NULL,
  totp_pending  TEXT NOT NULL,
  totp_step     BIGINT NOT NULL,
  epoch         BIGINT NOT NULL,
  last_at       TIMESTAMPTZ,
  last_remote   TEXT NOT NULL
);
CREATE TABLE account_password (
  id       TEXT PRIMARY KEY,
  account  TEXT NOT NULL REFERENCES account (id),
  hash     TEXT NOT NULL,
  at       TIMESTAMPTZ NOT NULL
);
CREATE INDEX account_password_account ON account_password (account, at);
CREATE TABLE account_recovery (
  id       TEXT PRIMARY KEY,
  account  TEXT NOT NULL REFERENCES account (id),
  hash     TEXT NOT NULL,
  used_at  TIMESTAMPTZ
);
CREATE INDEX account_recovery_account ON account_recovery (account);
CREATE TABLE account_passkey (
  id          TEXT PRIMARY KEY,
  account     TEXT NOT NULL REFERENCES account (id),
  name        TEXT NOT NULL,
  credential  TEXT NOT NULL,
  created_at  TIMESTAMPTZ NOT NULL,
  used_at     TIMESTAMPTZ,
  removed_at  TIMESTAMPTZ
);
CREATE INDEX account_passkey_account ON account_passkey (account);
-- Roles. A row is never taken away: it ends by its last day or is revoked.
CREATE TABLE account_grant (
  id          TEXT PRIMARY KEY,
  account     TEXT NOT NULL REFERENCES account (id),
  role        TEXT NOT NULL,
  agency      TEXT NOT NULL,
  section     TEXT NOT NULL,
  since       DATE NOT NULL,
  until       DATE,
  reason      TEXT NOT NULL,
  granted_by  TEXT NOT NULL,
  granted_at  TIMESTAMPTZ NOT NULL,
  revoked_at  TIMESTAMPTZ,
  version     BIGINT NOT NULL
);
CREATE INDEX account_grant_account ON account_grant (account);
CREATE INDEX account_grant_role ON account_grant (role, agency);
CREATE TABLE account_delegation (
  id          TEXT PRIMARY KEY,
  holder      TEXT NOT NULL REFERENCES account (id),
  deputy      TEXT NOT NULL REFERENCES account (id),
  since       DATE NOT NULL,
  until       DATE NOT NULL,
  grants      TEXT NOT NULL,
  reason      TEXT NOT NULL,
  created_at  TIMESTAMPTZ NOT NULL,
  ended_at    TIMESTAMPTZ,
  version     BIGINT NOT NULL
);
CREATE INDEX account_delegation_deputy ON account_delegation (deputy, until);
CREATE INDEX account_delegation_holder ON account_delegation (holder);
CREATE TABLE account_session (
  id        TEXT PRIMARY KEY,
  secret    TEXT NOT NULL,
  account   TEXT NOT NULL REFERENCES account (id),
  epoch     BIGINT NOT NULL,
  since     TIMESTAMPTZ NOT NULL,
  seen_at   TIMESTAMPTZ NOT NULL,
  ends_at   TIMESTAMPTZ NOT NULL,
  remote    TEXT NOT NULL,
  agent     TEXT NOT NULL,
  ended_at  TIMESTAMPTZ
);
CREATE UNIQUE INDEX account_session_secret ON account_session (secret);
CREATE INDEX account_session_account ON account_session (account);
-- Sign-ins on the way: the password was right, or a passkey was asked for.
CREATE TABLE account_attempt (
  id         TEXT PRIMARY KEY,
  secret     TEXT NOT NULL,
  account    TEXT NOT NULL,
  factor     BOOLEAN NOT NULL,
  epoch      BIGINT NOT NULL,
  challenge  TEXT NOT NULL,
  ends_at    TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX account_attempt_secret ON account_attempt (secret);
-- The challenge a person who is signed in was given to make a passkey.
CREATE TABLE account_challenge (
  id         TEXT PRIMARY KEY,
  challenge  TEXT NOT NULL,
  ends_at    TIMESTAMPTZ NOT NULL
);
-- Failed attempts by a digest of the login name or of the address.
CREATE TABLE account_throttle (
  id        TEXT PRIMARY KEY,
  failures  BIGINT NOT NULL,
  lockouts  BIGINT NOT NULL,
  until     TIMESTAMPTZ,
  at        TIMESTAMPTZ NOT NULL
);
CREATE TABLE account_setting (
  id       TEXT PRIMARY KEY,
  value    TEXT NOT NULL,
  version  BIGINT NOT NULL
);
-- The set-up of a new installation: one row, closed for ever once there are people.
CREATE TABLE account_setup (
  id         TEXT PRIMARY KEY,
  code       TEXT NOT NULL,
  made_at    TIMESTAMPTZ NOT NULL,
  closed_at  TIMESTAMPTZ
);
