-- Tokens for more than drafts: what one is for, and what it may do beyond the usual because it was
-- made for that.
ALTER TABLE account_token ADD COLUMN scope TEXT NOT NULL DEFAULT 'drafts';
ALTER TABLE account_token ADD COLUMN reveal BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE account_token ADD COLUMN review BOOLEAN NOT NULL DEFAULT FALSE;
