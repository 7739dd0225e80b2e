-- Sections (栏目) of the bodies' sites. Rows stay for ever; a section nobody needs is retired.
CREATE TABLE section (
  id              TEXT PRIMARY KEY,
  agency          TEXT NOT NULL,
  parent          TEXT NOT NULL,
  name            TEXT NOT NULL,
  slug            TEXT NOT NULL,
  kind            TEXT NOT NULL,
  item20          TEXT NOT NULL,
  item21          TEXT NOT NULL,
  duty            TEXT NOT NULL,
  department      TEXT NOT NULL,
  owner           TEXT NOT NULL,
  owner_name      TEXT NOT NULL,
  description     TEXT NOT NULL,
  keywords        TEXT NOT NULL,
  sort_key        BIGINT NOT NULL,
  retired         BOOLEAN NOT NULL,
  retired_on      DATE,
  retired_reason  TEXT NOT NULL,
  successor       TEXT NOT NULL,
  catalogue_id    TEXT NOT NULL,
  catalogue       TEXT NOT NULL,
  version         BIGINT NOT NULL,
  created_at      TIMESTAMPTZ NOT NULL
);
-- Sections side by side bear different names while they are in use; a slug is never used again.
CREATE UNIQUE INDEX section_sibling ON section (agency, parent, name) WHERE NOT retired;
CREATE UNIQUE INDEX section_slug ON section (agency, slug);
CREATE INDEX section_parent ON section (parent);
-- When something was last published in a section and when something must be next. Kept current
-- by whoever publishes, so that a board never looks at items.
CREATE TABLE section_fresh (
  id          TEXT PRIMARY KEY,
  agency      TEXT NOT NULL,
  kind        TEXT NOT NULL,
  owner       TEXT NOT NULL,
  department  TEXT NOT NULL,
  retired     BOOLEAN NOT NULL,
  duty        TEXT NOT NULL,
  opened      DATE NOT NULL,
  reviewed    DATE,
  last_on     DATE,
  last_at     TIMESTAMPTZ,
  last_item   TEXT NOT NULL,
  due         DATE,
  warn        DATE,
  sure        BOOLEAN NOT NULL
);
CREATE INDEX section_fresh_board ON section_fresh (agency, retired, kind, due, warn, last_on);
CREATE INDEX section_fresh_owner ON section_fresh (owner, due);
CREATE INDEX section_fresh_due ON section_fresh (due, agency);
-- What happened that must be published in a section.
CREATE TABLE section_event (
  id        TEXT PRIMARY KEY,
  section   TEXT NOT NULL,
  on_day    DATE NOT NULL,
  what      TEXT NOT NULL,
  item      TEXT NOT NULL,
  due       DATE,
  due_sure  BOOLEAN NOT NULL,
  done      BOOLEAN NOT NULL,
  done_on   DATE,
  by_whom   TEXT NOT NULL,
  at        TIMESTAMPTZ NOT NULL,
  version   BIGINT NOT NULL
);
CREATE INDEX section_event_open ON section_event (section, done, due);
CREATE INDEX section_event_item ON section_event (item);
-- Reminders sent: one a person, section and day, whoever or whatever sent it.
CREATE TABLE section_reminder (
  section   TEXT NOT NULL,
  person    TEXT NOT NULL,
  day       DATE NOT NULL,
  by_whom   TEXT NOT NULL,
  due       DATE,
  at        TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (section, person, day)
);
CREATE INDEX section_reminder_person ON section_reminder (person, day);
