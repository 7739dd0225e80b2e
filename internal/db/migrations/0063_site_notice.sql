-- The picture of the emblem a site shows, and the notice of a site that moves or closes.
ALTER TABLE site ADD COLUMN emblem_file TEXT NOT NULL DEFAULT '';
ALTER TABLE site ADD COLUMN closing_on DATE;
ALTER TABLE site ADD COLUMN moved_name TEXT NOT NULL DEFAULT '';
ALTER TABLE site ADD COLUMN moved_url TEXT NOT NULL DEFAULT '';
