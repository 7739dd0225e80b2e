-- When what the public finds at an item's address last became different, for those who keep a
-- copy: other systems, aggregators, feeds. mark is what it was made of then, so that acts the
-- public sees nothing of do not move it. seq is the number in the log of changes, whose order is
-- that in which acts ended; what was there before this table has 0.
CREATE TABLE item_harvest (
  item     TEXT PRIMARY KEY REFERENCES item (id),
  agency   TEXT NOT NULL,
  section  TEXT NOT NULL,
  mark     TEXT NOT NULL,
  seq      BIGINT NOT NULL,
  at       TIMESTAMPTZ NOT NULL
);
INSERT INTO item_harvest (item, agency, section, mark, seq, at)
  SELECT id, agency, section, '', 0, COALESCE(ended_at, shown_at, created_at) FROM item WHERE status <> '';
CREATE INDEX item_harvest_seq ON item_harvest (seq, item);
CREATE INDEX item_harvest_at ON item_harvest (at, item);
CREATE INDEX item_harvest_agency ON item_harvest (agency, at, item);
CREATE INDEX item_harvest_section ON item_harvest (section, at, item);
