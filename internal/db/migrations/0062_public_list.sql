-- The public's lists of documents and of interpretations, of one body and of all.
CREATE INDEX item_kind_live ON item (kind, shown_at, id) WHERE status = 'live';
CREATE INDEX item_agency_kind_live ON item (agency, kind, shown_at, id) WHERE status = 'live';
-- The public's register of documents and its lists of decisions.
CREATE INDEX normative_record_public ON normative_record (state, sort_key);
CREATE INDEX credit_decision_public ON credit_decision (agency, kind, state, sort_key);
