-- Government information and its editions. Rows stay for ever: what ends is marked as ended.
CREATE TABLE item (
  id            TEXT PRIMARY KEY,
  agency        TEXT NOT NULL,
  section       TEXT NOT NULL,
  kind          TEXT NOT NULL,
  origin        TEXT NOT NULL,
  index_no      TEXT NOT NULL,
  address       TEXT NOT NULL,
  head          TEXT NOT NULL,
  shown         TEXT NOT NULL,
  status        TEXT NOT NULL,
  first_at      TIMESTAMPTZ,
  shown_at      TIMESTAMPTZ,
  ended_at      TIMESTAMPTZ,
  ended_reason  TEXT NOT NULL,
  created_at    TIMESTAMPTZ NOT NULL,
  created_by    TEXT NOT NULL,
  version       BIGINT NOT NULL
);
CREATE UNIQUE INDEX item_index_no ON item (index_no) WHERE index_no <> '';
CREATE INDEX item_address ON item (address) WHERE address <> '';
CREATE INDEX item_agency_live ON item (agency, shown_at, id) WHERE status = 'live';
CREATE INDEX item_agency_ended ON item (agency, status, ended_at, id) WHERE status <> '' AND status <> 'live';
-- Where an item is shown: its home and further sections. shown_at repeats the item's while it
-- is listed, and is NULL otherwise, so that a section's page is one walk along an index.
CREATE TABLE item_place (
  id        TEXT PRIMARY KEY,
  item      TEXT NOT NULL REFERENCES item (id),
  section   TEXT NOT NULL,
  agency    TEXT NOT NULL,
  home      BOOLEAN NOT NULL,
  state     TEXT NOT NULL,
  shown_at  TIMESTAMPTZ,
  asked_at  TIMESTAMPTZ NOT NULL,
  asked_by  TEXT NOT NULL,
  done_at   TIMESTAMPTZ,
  done_by   TEXT NOT NULL,
  version   BIGINT NOT NULL
);
CREATE UNIQUE INDEX item_place_once ON item_place (item, section);
CREATE INDEX item_place_section ON item_place (section, shown_at, item) WHERE shown_at IS NOT NULL;
CREATE INDEX item_place_asked ON item_place (agency, asked_at) WHERE state = 'asked';
-- The body stands last, so that lists do not read it.
CREATE TABLE item_edition (
  id             TEXT PRIMARY KEY,
  item           TEXT NOT NULL REFERENCES item (id),
  agency         TEXT NOT NULL,
  section        TEXT NOT NULL,
  kind           TEXT NOT NULL,
  no             BIGINT NOT NULL,
  head           BOOLEAN NOT NULL,
  state          TEXT NOT NULL,
  title          TEXT NOT NULL,
  subtitle       TEXT NOT NULL,
  theme          TEXT NOT NULL,
  genre          TEXT NOT NULL,
  doc_no         TEXT NOT NULL,
  issuer         TEXT NOT NULL,
  issued_on      DATE,
  formed_on      DATE,
  source         TEXT NOT NULL,
  source_url     TEXT NOT NULL,
  author         TEXT NOT NULL,
  keywords       TEXT NOT NULL,
  attribute      TEXT NOT NULL,
  basis          TEXT NOT NULL,
  reason         TEXT NOT NULL,
  validity       TEXT NOT NULL,
  effective_on   DATE,
  expires_on     DATE,
  display_until  DATE,
  joint_bodies   TEXT NOT NULL,
  interprets     TEXT NOT NULL,
  department     TEXT NOT NULL,
  channels       TEXT NOT NULL,
  audience       TEXT NOT NULL,
  note           TEXT NOT NULL,
  attachments    TEXT NOT NULL,
  hash           TEXT NOT NULL,
  editors        TEXT NOT NULL,
  text_version   BIGINT NOT NULL,
  round          BIGINT NOT NULL,
  cleared        BOOLEAN NOT NULL,
  returned       BOOLEAN NOT NULL,
  due_on         DATE,
  due_sure       BOOLEAN NOT NULL,
  submitted_at   TIMESTAMPTZ,
  step_at        TIMESTAMPTZ NOT NULL,
  publish_at     TIMESTAMPTZ,
  published_at   TIMESTAMPTZ,
  late_reason    TEXT NOT NULL,
  urgent_by      TEXT NOT NULL,
  urgency        TEXT NOT NULL,
  approve_by     DATE,
  reassess_on    DATE,
  created_at     TIMESTAMPTZ NOT NULL,
  created_by     TEXT NOT NULL,
  creator        TEXT NOT NULL,
  updated_at     TIMESTAMPTZ NOT NULL,
  updated_by     TEXT NOT NULL,
  updater        TEXT NOT NULL,
  version        BIGINT NOT NULL,
  summary        TEXT NOT NULL,
  body           TEXT NOT NULL
);
CREATE UNIQUE INDEX item_edition_no ON item_edition (item, no);
CREATE UNIQUE INDEX item_edition_head ON item_edition (item) WHERE head;
CREATE INDEX item_edition_updated ON item_edition (agency, updated_at, id) WHERE head;
CREATE INDEX item_edition_state ON item_edition (agency, state, updated_at, id) WHERE head;
CREATE INDEX item_edition_section ON item_edition (agency, section, updated_at, id) WHERE head;
CREATE INDEX item_edition_creator ON item_edition (agency, created_by, updated_at, id) WHERE head;
CREATE INDEX item_edition_due ON item_edition (agency, due_on, id) WHERE head;
CREATE INDEX item_edition_published ON item_edition (agency, published_at, id) WHERE head;
CREATE INDEX item_edition_until ON item_edition (display_until, id) WHERE display_until IS NOT NULL AND head;
CREATE INDEX item_edition_approve ON item_edition (agency, approve_by, id) WHERE state = 'urgent';
CREATE INDEX item_edition_reassess ON item_edition (agency, reassess_on, id) WHERE state = 'withheld';
CREATE INDEX item_edition_late ON item_edition (agency, due_on, id)
  WHERE head AND state IN ('draft', 'review1', 'review2', 'review3', 'secrecy', 'approved', 'scheduled');
CREATE INDEX item_edition_uncleared ON item_edition (agency, updated_at, id)
  WHERE head AND NOT cleared AND state IN ('review1', 'review2', 'review3', 'secrecy');
-- What an edition said at each of its versions worth keeping.
CREATE TABLE item_saved (
  id           TEXT PRIMARY KEY,
  edition      TEXT NOT NULL REFERENCES item_edition (id),
  version      BIGINT NOT NULL,
  state        TEXT NOT NULL,
  hash         TEXT NOT NULL,
  content      TEXT NOT NULL,
  attachments  TEXT NOT NULL,
  actor        TEXT NOT NULL,
  name         TEXT NOT NULL,
  at           TIMESTAMPTZ NOT NULL,
  kept         BOOLEAN NOT NULL
);
CREATE INDEX item_saved_edition ON item_saved (edition, version);
-- What reviewers said.
CREATE TABLE item_opinion (
  id        TEXT PRIMARY KEY,
  item      TEXT NOT NULL REFERENCES item (id),
  edition   TEXT NOT NULL REFERENCES item_edition (id),
  round     BIGINT NOT NULL,
  level     TEXT NOT NULL,
  decision  TEXT NOT NULL,
  hash      TEXT NOT NULL,
  text      TEXT NOT NULL,
  ticks     TEXT NOT NULL,
  remarks   TEXT NOT NULL,
  actor     TEXT NOT NULL,
  name      TEXT NOT NULL,
  behalf    TEXT NOT NULL,
  at        TIMESTAMPTZ NOT NULL
);
CREATE INDEX item_opinion_edition ON item_opinion (edition, at, id);
-- What the checks found, for the content they looked at.
CREATE TABLE item_check (
  edition   TEXT NOT NULL REFERENCES item_edition (id),
  hash      TEXT NOT NULL,
  at        TIMESTAMPTZ NOT NULL,
  findings  TEXT NOT NULL,
  PRIMARY KEY (edition, hash)
);
-- Why a finding was let pass.
CREATE TABLE item_override (
  id       TEXT PRIMARY KEY,
  edition  TEXT NOT NULL REFERENCES item_edition (id),
  hash     TEXT NOT NULL,
  finding  TEXT NOT NULL,
  reason   TEXT NOT NULL,
  actor    TEXT NOT NULL,
  name     TEXT NOT NULL,
  at       TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX item_override_once ON item_override (edition, hash, finding);
-- Which published items interpret which.
CREATE TABLE item_link (
  item    TEXT NOT NULL REFERENCES item (id),
  target  TEXT NOT NULL,
  live    BOOLEAN NOT NULL,
  PRIMARY KEY (item, target)
);
CREATE INDEX item_link_target ON item_link (target) WHERE live;
