-- Counting requests into tables three and four of the annual report: each count reads one index
-- and no row of the table. What a fee comes to stands beside the request, for the report's text.
ALTER TABLE foi_request ADD COLUMN fee_yuan BIGINT NOT NULL DEFAULT 0;
ALTER TABLE foi_request ADD COLUMN fee_charged DATE;
ALTER TABLE foi_request ADD COLUMN fee_paid DATE;
DROP INDEX foi_request_received;
DROP INDEX foi_request_closed;
CREATE INDEX foi_request_received ON foi_request (agency, counted, received, closed_on, kind, channel, department);
CREATE INDEX foi_request_closed ON foi_request (agency, counted, closed_on, received, kind, outcome, late, extended, department);
CREATE INDEX foi_request_fee ON foi_request (agency, fee_charged, fee_paid, fee_yuan) WHERE fee_yuan <> 0;
CREATE INDEX foi_letter_sent ON foi_letter (agency, sent_on, code);
