-- What the search of a list finds keys by: a text of three characters or more anywhere in names and hints, a
-- shorter one at their beginnings. Letters of ASCII are found in either case.

-- Until the end of this transaction, as in the first migration.
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- What is before the `_` and the last characters of a key's newest text, so that a list which is read on has
-- in its index all that it compares.
ALTER TABLE api_key_listed ADD COLUMN hint text COLLATE "C" NOT NULL DEFAULT '';
CREATE OR REPLACE VIEW api_key_to_list AS
    SELECT l.key_id, l.list, NOT (k.active AND u.active) AS archived, k.name, k.expires_at,
           coalesce(w.used_at, 0) AS used_at,
           coalesce((SELECT lower((coalesce(prefix || '_', '') || hint) COLLATE "C") FROM api_key_secret
                     WHERE key_id = l.key_id ORDER BY id DESC LIMIT 1), '') COLLATE "C" AS hint
    FROM (SELECT id AS key_id, 'a' COLLATE "C" AS list FROM api_key
          UNION ALL SELECT id, 'u' || user_id FROM api_key
          UNION ALL SELECT key_id, 'g' || group_id FROM api_key_group_member
          UNION ALL SELECT m.key_id, 'g' || m.group_id || 'u' || k.user_id
              FROM api_key_group_member m JOIN api_key k ON k.id = m.key_id) l
    JOIN api_key k ON k.id = l.key_id
    JOIN api_key_user u ON u.id = k.user_id
    LEFT JOIN api_key_use w ON w.key_id = k.id;

-- Filled while they are away, which takes less time.
DROP INDEX api_key_listed_by_name;
DROP INDEX api_key_listed_by_use;
UPDATE api_key_listed l SET hint = n.hint
FROM api_key_to_list n WHERE (n.key_id, n.list) = (l.key_id, 'a') AND n.hint <> '';
CREATE INDEX api_key_listed_by_name ON api_key_listed (list, archived, name)
    INCLUDE (key_id, expires_at, used_at, hint);
CREATE INDEX api_key_listed_by_use ON api_key_listed (list, archived, used_at, key_id)
    INCLUDE (expires_at, name, hint);

-- Its argument is the query of the keys whose texts may be others now. As in `api_key_list`, no use of
-- these keys is noted meanwhile.
CREATE FUNCTION api_key_list_hints() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    EXECUTE format('SELECT FROM api_key_use WHERE key_id IN (%s) ORDER BY key_id FOR SHARE', TG_ARGV[0]);
    EXECUTE format(
        'UPDATE api_key_listed l SET hint = n.hint
         FROM (SELECT key_id, hint FROM api_key_to_list WHERE list = ''a'' AND key_id IN (%s)) AS n
         WHERE l.key_id = n.key_id AND l.hint <> n.hint', TG_ARGV[0]);
    RETURN NULL;
END
$$;
CREATE TRIGGER listed_secret_inserted AFTER INSERT ON api_key_secret REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION api_key_list_hints('SELECT key_id FROM changed');
CREATE TRIGGER listed_secret_updated AFTER UPDATE ON api_key_secret
    REFERENCING OLD TABLE AS before NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION api_key_list_hints(
        'SELECT key_id FROM changed UNION SELECT key_id FROM before');
CREATE TRIGGER listed_secret_deleted AFTER DELETE ON api_key_secret REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION api_key_list_hints('SELECT key_id FROM changed');
CREATE TRIGGER listed_secret_truncated AFTER TRUNCATE ON api_key_secret
    FOR EACH STATEMENT EXECUTE FUNCTION api_key_list_hints('SELECT id FROM api_key');

-- All that three characters in a row are in a text. The extension `pg_trgm` leaves out what is neither a letter
-- nor a digit, and in some databases all but ASCII; and not every owner may create it.
CREATE FUNCTION api_key_parts(searched text) RETURNS text[] IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
    SELECT coalesce(array_agg(DISTINCT substr(lower(searched COLLATE "C"), at, 3) COLLATE "C"), '{}')
    FROM generate_series(1, length(searched) - 2) AS at
$$;
-- Of all texts of a key: what only an older one has is passed over.
CREATE INDEX api_key_by_parts ON api_key USING gin (api_key_parts(name));
CREATE INDEX api_key_secret_by_parts ON api_key_secret
    USING gin (api_key_parts(coalesce(prefix || '_', '') || hint));

-- By the first character, and by the first two; of all texts, too.
CREATE INDEX api_key_by_beginning ON api_key
    (substr(lower(name COLLATE "C"), 1, 1), substr(lower(name COLLATE "C"), 1, 2));
CREATE INDEX api_key_secret_by_beginning ON api_key_secret
    (substr(lower((coalesce(prefix || '_', '') || hint) COLLATE "C"), 1, 1),
     substr(lower((coalesce(prefix || '_', '') || hint) COLLATE "C"), 1, 2));

INSERT INTO api_key_schema VALUES (4, 2);
