-- Lists of the office that narrow by state or kind and sort by another day than the last change,
-- and the counts of a body's statistics. A body may have hundreds of thousands of items.
CREATE INDEX item_edition_state_published ON item_edition (agency, state, published_at, id) WHERE head AND published_at IS NOT NULL;
CREATE INDEX item_edition_state_due ON item_edition (agency, state, due_on, id) WHERE head AND due_on IS NOT NULL;
CREATE INDEX item_edition_section_published ON item_edition (agency, section, published_at, id) WHERE head AND published_at IS NOT NULL;
CREATE INDEX item_edition_section_due ON item_edition (agency, section, due_on, id) WHERE head AND due_on IS NOT NULL;
CREATE INDEX item_edition_kind ON item_edition (agency, kind, updated_at, id) WHERE head;
CREATE INDEX item_edition_kind_published ON item_edition (agency, kind, published_at, id) WHERE head AND published_at IS NOT NULL;
CREATE INDEX item_edition_state_creator ON item_edition (agency, state, created_by, updated_at, id) WHERE head;
CREATE INDEX item_edition_corrected ON item_edition (agency, published_at) WHERE no > 1 AND published_at IS NOT NULL;
CREATE INDEX item_first ON item (agency, first_at) WHERE first_at IS NOT NULL;
CREATE INDEX item_place_count ON item_place (agency, section) WHERE shown_at IS NOT NULL;
