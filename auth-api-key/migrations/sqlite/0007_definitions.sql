-- `api_key_trigger` has all that the seventh migration notes in PostgreSQL.

-- Nodes say in their logs what was changed by hand.
CREATE INDEX api_key_event_by_hand ON api_key_event (id) WHERE session = 'sql';

INSERT INTO api_key_schema VALUES (7, 2);
