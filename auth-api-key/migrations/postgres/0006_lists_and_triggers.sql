-- Until the end of this transaction, as in the first migration.
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- Hints are in this index, too, as in the others, so that a text is looked for among keys that expire.
DROP INDEX api_key_listed_by_expiry;
CREATE INDEX api_key_listed_by_expiry ON api_key_listed (list, archived, expires_at)
    INCLUDE (key_id, name, used_at, hint) WHERE expires_at IS NOT NULL;

-- The triggers of the migrations but those that announce, which `api_key_make_triggers` makes, so that `migrate`
-- makes those again that somebody has dropped or disabled.
CREATE TABLE api_key_trigger (
    of_table   text COLLATE "C" NOT NULL,
    name       text COLLATE "C" NOT NULL,
    definition text NOT NULL,
    PRIMARY KEY (of_table, name)
);
INSERT INTO api_key_trigger SELECT relname, tgname, pg_get_triggerdef(t.oid, true)
    FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid JOIN pg_proc p ON p.oid = tgfoid
    WHERE relnamespace = current_schema()::regnamespace AND pronamespace = relnamespace AND NOT tgisinternal
    AND proname LIKE 'api\_key\_%' AND proname NOT LIKE 'api\_key\_announce%';
-- Whoever runs `migrate` where nothing is to be done needs no more rights than before.
GRANT SELECT ON api_key_trigger TO PUBLIC;

INSERT INTO api_key_schema VALUES (6, 2);
