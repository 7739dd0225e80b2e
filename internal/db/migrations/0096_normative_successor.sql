-- A document's page names the documents it took the place of.
CREATE INDEX normative_successor ON normative_record (successor) WHERE successor <> '';
