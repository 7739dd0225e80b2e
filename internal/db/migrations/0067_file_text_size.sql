-- How much a file says, so that an index made anew takes in no more at a time than memory holds.
ALTER TABLE file_text ADD COLUMN size BIGINT NOT NULL DEFAULT 0;
