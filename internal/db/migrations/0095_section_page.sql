-- Where each page of a section's list begins. Pages are numbered from the oldest, and each keeps
-- its place when something is published or taken down elsewhere in the list, so that a copy of an
-- old page stays right.
CREATE TABLE section_page (
  section    TEXT NOT NULL,
  no         BIGINT NOT NULL,
  from_at    TIMESTAMPTZ NOT NULL,
  from_item  TEXT NOT NULL,
  PRIMARY KEY (section, no)
);
CREATE INDEX section_page_from ON section_page (section, from_at, from_item, no);
INSERT INTO section_page (section, no, from_at, from_item)
  SELECT section, (n - 1) / 20 + 1, shown_at, item
  FROM (SELECT section, shown_at, item, row_number() OVER (PARTITION BY section ORDER BY shown_at, item) AS n
    FROM item_place WHERE shown_at IS NOT NULL) listed
  WHERE (n - 1) % 20 = 0;
-- Documents are looked up by the number another text cites.
CREATE INDEX item_edition_doc_no ON item_edition (doc_no) WHERE doc_no <> '' AND published_at IS NOT NULL;
