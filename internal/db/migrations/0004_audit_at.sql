-- Pages of entries by day and by act.
CREATE INDEX audit_entry_at ON audit_entry (at, seq);
CREATE INDEX audit_entry_act ON audit_entry (act, seq);
