-- In SQLite, `api_key_trigger` has all that the seventh migration notes in PostgreSQL.
INSERT INTO api_key_schema VALUES (7, 2);
