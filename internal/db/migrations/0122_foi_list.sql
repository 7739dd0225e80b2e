-- Lists of a body with half a million requests, measured: each way to narrow a list finds its rows
-- by an index, in the order of the list; requests merged into one are found without reading all.
-- Deadlines stand in the indexes of the counts, for what was overdue on a day.
DROP INDEX foi_request_received;
DROP INDEX foi_request_closed;
CREATE INDEX foi_request_received ON foi_request (agency, counted, received, closed_on, kind, channel, department, due);
CREATE INDEX foi_request_closed ON foi_request (agency, counted, closed_on, received, kind, outcome, late, department, due);
CREATE INDEX foi_request_day ON foi_request (agency, received, id);
CREATE INDEX foi_request_outcome ON foi_request (agency, outcome, id);
CREATE INDEX foi_request_department ON foi_request (agency, department, id);
CREATE INDEX foi_request_kind ON foi_request (agency, kind, id);
CREATE INDEX foi_request_channel ON foi_request (agency, channel, id);
CREATE INDEX foi_request_late ON foi_request (agency, id) WHERE late = TRUE;
CREATE INDEX foi_request_into ON foi_request (merged_into);
