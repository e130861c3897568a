-- What lists are read from, a page at a time: indexes in their orders, and a row of `api_key_use` for
-- every key, also for one that was never used.

-- Until the end of this transaction, as in the first migration.
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- Times as before; 0 for a key that was never used.
INSERT INTO api_key_use (key_id, used_at) SELECT id, 0 FROM api_key ON CONFLICT DO NOTHING;
CREATE INDEX api_key_use_by_time ON api_key_use (used_at, key_id);

-- Its argument is the query of the keys that may have no row. Whoever clears uses by hand leaves keys
-- that were never used. A logical replication brings its rows itself.
CREATE FUNCTION api_key_use_begin() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    EXECUTE format(
        'INSERT INTO api_key_use (key_id, used_at) SELECT id, 0 FROM api_key WHERE id IN (%s)
         ON CONFLICT DO NOTHING', TG_ARGV[0]);
    RETURN NULL;
END
$$;
CREATE TRIGGER api_key_use_begun AFTER INSERT ON api_key REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION api_key_use_begin('SELECT id FROM changed');
CREATE TRIGGER api_key_use_cleared AFTER DELETE ON api_key_use REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION api_key_use_begin('SELECT key_id FROM changed');
CREATE TRIGGER api_key_use_truncated AFTER TRUNCATE ON api_key_use
    FOR EACH STATEMENT EXECUTE FUNCTION api_key_use_begin('SELECT id FROM api_key');

DROP INDEX api_key_by_user;
CREATE INDEX api_key_by_user ON api_key (user_id, name);
CREATE INDEX api_key_by_expiry ON api_key (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX api_key_archived ON api_key (id) WHERE NOT active;
CREATE INDEX api_key_user_archived ON api_key_user (id) WHERE NOT active;
DROP INDEX api_key_group_member_by_group;
CREATE INDEX api_key_group_member_by_group ON api_key_group_member (group_id, key_id);
-- The newest text of a key is the last entry of its key.
DROP INDEX api_key_secret_by_key;
CREATE INDEX api_key_secret_by_key ON api_key_secret (key_id, id);
