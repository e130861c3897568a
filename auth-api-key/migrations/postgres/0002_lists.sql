-- What lists are read from, a page at a time: indexes in their orders, and a row of `api_key_use` for
-- every key, also for one that was never used.

-- Until the end of this transaction, as in the first migration.
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- Times as before; 0 for a key that was never used.
INSERT INTO api_key_use (key_id, used_at) SELECT id, 0 FROM api_key ON CONFLICT DO NOTHING;

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
DROP INDEX api_key_group_member_by_group;
CREATE INDEX api_key_group_member_by_group ON api_key_group_member (group_id, key_id);
-- The newest text of a key is the last entry of its key.
DROP INDEX api_key_secret_by_key;
CREATE INDEX api_key_secret_by_key ON api_key_secret (key_id, id);

-- Each key in each list that it is in, with what its pages are found by: `a` is the list of all keys,
-- `u` and an id that of a user, `g` and a number that of a group, and both that of a user's keys in a
-- group. Triggers keep it as the view has it; where they were off, delete all rows and insert those of
-- the view.
CREATE TABLE api_key_listed (
    key_id     bigint NOT NULL REFERENCES api_key (id) ON DELETE CASCADE,
    list       text COLLATE "C" NOT NULL,
    archived   boolean NOT NULL,
    name       text COLLATE "C" NOT NULL,
    expires_at bigint,
    used_at    bigint NOT NULL,
    PRIMARY KEY (key_id, list)
);
CREATE VIEW api_key_to_list AS
    SELECT l.key_id, l.list, NOT (k.active AND u.active) AS archived, k.name, k.expires_at,
           coalesce(w.used_at, 0) AS used_at
    FROM (SELECT id AS key_id, 'a' COLLATE "C" AS list FROM api_key
          UNION ALL SELECT id, 'u' || user_id FROM api_key
          UNION ALL SELECT key_id, 'g' || group_id FROM api_key_group_member
          UNION ALL SELECT m.key_id, 'g' || m.group_id || 'u' || k.user_id
              FROM api_key_group_member m JOIN api_key k ON k.id = m.key_id) l
    JOIN api_key k ON k.id = l.key_id
    JOIN api_key_user u ON u.id = k.user_id
    LEFT JOIN api_key_use w ON w.key_id = k.id;
INSERT INTO api_key_listed SELECT * FROM api_key_to_list;
-- Each has all that most conditions ask for, so that keys which are passed over cost little.
CREATE INDEX api_key_listed_by_name ON api_key_listed (list, archived, name)
    INCLUDE (key_id, expires_at, used_at);
CREATE INDEX api_key_listed_by_use ON api_key_listed (list, archived, used_at, key_id)
    INCLUDE (expires_at, name);
CREATE INDEX api_key_listed_by_expiry ON api_key_listed (list, archived, expires_at)
    INCLUDE (key_id, name, used_at) WHERE expires_at IS NOT NULL;

-- Its argument is the query of the keys whose rows may be others now. Triggers run in the order of
-- their names: those that announce a change have made others wait. No use of these keys is noted
-- meanwhile, which would be lost.
CREATE FUNCTION api_key_list() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    EXECUTE format('SELECT FROM api_key_use WHERE key_id IN (%s) ORDER BY key_id FOR SHARE', TG_ARGV[0]);
    EXECUTE format('DELETE FROM api_key_listed WHERE key_id IN (%s)', TG_ARGV[0]);
    EXECUTE format('INSERT INTO api_key_listed SELECT * FROM api_key_to_list WHERE key_id IN (%s)',
        TG_ARGV[0]);
    RETURN NULL;
END
$$;
CREATE TRIGGER listed_inserted AFTER INSERT ON api_key REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION api_key_list('SELECT id FROM changed');
CREATE TRIGGER listed_updated AFTER UPDATE ON api_key
    REFERENCING OLD TABLE AS before NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION api_key_list(
        'SELECT id FROM changed c JOIN before b USING (id)
         WHERE (c.name, c.user_id, c.expires_at, c.active)
               IS DISTINCT FROM (b.name, b.user_id, b.expires_at, b.active)');
CREATE TRIGGER listed_user_updated AFTER UPDATE ON api_key_user REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION api_key_list(
        'SELECT k.id FROM changed c JOIN api_key k ON k.user_id = c.id');
CREATE TRIGGER listed_member_inserted AFTER INSERT ON api_key_group_member
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION api_key_list('SELECT key_id FROM changed');
CREATE TRIGGER listed_member_updated AFTER UPDATE ON api_key_group_member
    REFERENCING OLD TABLE AS before NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION api_key_list(
        'SELECT key_id FROM changed UNION SELECT key_id FROM before');
CREATE TRIGGER listed_member_deleted AFTER DELETE ON api_key_group_member
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION api_key_list('SELECT key_id FROM changed');
CREATE TRIGGER listed_member_truncated AFTER TRUNCATE ON api_key_group_member
    FOR EACH STATEMENT EXECUTE FUNCTION api_key_list('SELECT id FROM api_key');

CREATE FUNCTION api_key_list_uses() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE api_key_listed l SET used_at = c.used_at FROM changed c
    WHERE l.key_id = c.key_id AND l.used_at <> c.used_at;
    RETURN NULL;
END
$$;
CREATE TRIGGER listed_use_inserted AFTER INSERT ON api_key_use REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION api_key_list_uses();
CREATE TRIGGER listed_use_updated AFTER UPDATE ON api_key_use REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION api_key_list_uses();

-- Which state of the keys a generation is: a counter alone counts the same numbers again once an
-- older state was restored.
ALTER TABLE api_key_generation ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid();

-- Moves the generation and announces it as `11:token,12:token 7,9`: the state before, that after, and
-- the keys that were changed, or `all`. More may be said after another space.
CREATE FUNCTION api_key_move(keys text) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    before api_key_generation;
    after api_key_generation;
BEGIN
    SELECT * INTO before FROM api_key_generation FOR UPDATE;
    UPDATE api_key_generation SET value = value + 1, token = gen_random_uuid() RETURNING * INTO after;
    PERFORM pg_notify(
        'api_key_' || 'api_key_generation'::regclass::oid,
        format('%s:%s,%s:%s %s', before.value, before.token, after.value, after.token, keys));
END
$$;

-- As in the first migration, but for what is announced.
CREATE OR REPLACE FUNCTION api_key_announce() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    rows_changed boolean := true;
    keys text := 'all';
    many CONSTANT integer := 100;
BEGIN
    IF TG_OP <> 'TRUNCATE' THEN
        EXECUTE 'SELECT EXISTS (SELECT FROM changed)' INTO rows_changed;
        EXECUTE format(
            'SELECT CASE WHEN count(*) > %1$s THEN ''all''
                         ELSE coalesce(string_agg(key_id::text, '',''), '''') END
             FROM (SELECT DISTINCT key_id FROM (%2$s) AS found (key_id) LIMIT %1$s + 1) AS few',
            many, TG_ARGV[0]) INTO keys;
    END IF;
    IF rows_changed THEN
        PERFORM api_key_move(keys);
    END IF;
    RETURN NULL;
END
$$;
CREATE OR REPLACE FUNCTION api_key_announce_replicated() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM api_key_move('all');
    RETURN NULL;
END
$$;

-- Makes anew the triggers that announce, as in the first migration. `DISABLE TRIGGER ALL` and back, as
-- a restore of rows alone does it, leaves them enabled in another way.
CREATE FUNCTION api_key_make_triggers() RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    keys_of CONSTANT jsonb := '{
        "api_key": "SELECT id FROM changed",
        "api_key_secret": "SELECT key_id FROM changed",
        "api_key_group_member": "SELECT key_id FROM changed",
        "api_key_user": "SELECT k.id FROM changed c JOIN api_key k ON k.user_id = c.id",
        "api_key_group": "SELECT m.key_id FROM changed c JOIN api_key_group_member m ON m.group_id = c.id"
    }';
    of_table record;
    event record;
BEGIN
    FOR of_table IN SELECT key AS name, value AS keys FROM jsonb_each_text(keys_of) LOOP
        FOR event IN SELECT * FROM (VALUES
            ('inserted', 'INSERT', 'REFERENCING NEW TABLE AS changed'),
            ('updated_from', 'UPDATE', 'REFERENCING OLD TABLE AS changed'),
            ('updated_to', 'UPDATE', 'REFERENCING NEW TABLE AS changed'),
            ('deleted', 'DELETE', 'REFERENCING OLD TABLE AS changed'),
            ('truncated', 'TRUNCATE', '')) AS events (name, operation, transition)
        LOOP
            EXECUTE format(
                'DROP TRIGGER IF EXISTS %1$I ON %3$I;
                 CREATE TRIGGER %1$I AFTER %2$s ON %3$I %4$s
                 FOR EACH STATEMENT EXECUTE FUNCTION api_key_announce(%5$L);
                 ALTER TABLE %3$I ENABLE ALWAYS TRIGGER %1$I',
                of_table.name || '_' || event.name, event.operation, of_table.name,
                event.transition, of_table.keys);
        END LOOP;
        EXECUTE format(
            'DROP TRIGGER IF EXISTS %1$I ON %2$I;
             CREATE TRIGGER %1$I AFTER INSERT OR UPDATE OR DELETE ON %2$I
             FOR EACH ROW EXECUTE FUNCTION api_key_announce_replicated();
             ALTER TABLE %2$I ENABLE REPLICA TRIGGER %1$I',
            of_table.name || '_replicated', of_table.name);
    END LOOP;
END
$$;

-- From which version on programs can use these tables as this version of the schema has made them: a
-- program that knows none newer than it, and not this one, starts over it. It keeps its triggers then.
-- Where a version of the schema has no row, no program starts that does not know it.
CREATE TABLE api_key_schema (
    version         bigint PRIMARY KEY,
    compatible_from bigint NOT NULL
);
INSERT INTO api_key_schema VALUES (2, 2);

-- Which keys were copied into this database: those of the source that `origin` tells from all others, up to
-- where the keys here had this state. `handed_over` is the state that those of the source had before they
-- were refused there.
CREATE TABLE api_key_copy (
    id          integer PRIMARY KEY CHECK (id = 1),
    origin      text NOT NULL,
    source      text NOT NULL,
    state       text NOT NULL,
    handed_over text,
    complete    boolean NOT NULL
);

-- Whether a pepper is still in use is asked for while texts come that are not keys.
CREATE INDEX api_key_secret_by_pepper ON api_key_secret (pepper_version, valid_until);

-- What no program could read, or no index hold, is refused as it is written; what is there already stays.
CREATE FUNCTION api_key_are_networks(networks jsonb) RETURNS boolean IMMUTABLE LANGUAGE sql AS $$
    SELECT coalesce(bool_and(jsonb_typeof(network) = 'string' AND (network #>> '{}')::inet IS NOT NULL), true)
    FROM jsonb_array_elements(networks) AS network
$$;
ALTER TABLE api_key
    ADD CONSTRAINT api_key_networks_are_readable CHECK (api_key_are_networks(networks)) NOT VALID,
    ADD CONSTRAINT api_key_name_is_short CHECK (octet_length(name) <= 1000) NOT VALID,
    ADD CONSTRAINT api_key_technical_name_is_short CHECK (octet_length(technical_name) <= 1000) NOT VALID;
ALTER TABLE api_key_user ADD CONSTRAINT api_key_user_is_short CHECK (octet_length(id) <= 1000) NOT VALID;
ALTER TABLE api_key_group ADD CONSTRAINT api_key_group_is_short CHECK (octet_length(code) <= 1000) NOT VALID;

-- The prefix of an issued text, and its last four characters as `hint`: a database with an encoding
-- other than UTF-8 need not know what was between them.
ALTER TABLE api_key_secret ADD COLUMN prefix text;
UPDATE api_key_secret SET prefix = left(hint, length(hint) - 6), hint = right(hint, 4) WHERE length(hint) > 6;
