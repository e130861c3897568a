-- Hints are in this index, too, as in the others, so that a text is looked for among keys that expire.
DROP INDEX api_key_listed_by_expiry;
CREATE INDEX api_key_listed_by_expiry
    ON api_key_listed (list, archived, expires_at, name, used_at, hint) WHERE expires_at IS NOT NULL;

-- All triggers of the migrations, so that `migrate` makes those again that somebody has dropped. A watch must find
-- only those that are `watched`, by which changes are noticed.
ALTER TABLE api_key_trigger ADD COLUMN watched INTEGER NOT NULL DEFAULT 1;
INSERT INTO api_key_trigger (name, sql, watched) SELECT name, sql, 0 FROM sqlite_schema
    WHERE type = 'trigger' AND name GLOB 'api_key_*' AND name NOT IN (SELECT name FROM api_key_trigger);

INSERT INTO api_key_schema VALUES (6, 2);
