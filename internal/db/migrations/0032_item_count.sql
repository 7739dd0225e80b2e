-- The count of a body's items by section reads this index alone. SQLite takes an index for
-- enough only if it has the columns of its own condition too.
DROP INDEX item_place_count;
CREATE INDEX item_place_count ON item_place (agency, section, shown_at) WHERE shown_at IS NOT NULL;
