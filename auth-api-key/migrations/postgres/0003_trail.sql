-- The trail: what was changed, when, and by whom. Triggers write it in the transaction of the change, so
-- that there is neither without the other, whoever makes the change; one event is written for each key,
-- group and user that a transaction changes. And what lifetimes and unused keys are known by.

-- Until the end of this transaction, as in the first migration.
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- When a key was made here, or was given its present expiry: its lifetime counts from then on. Where there
-- is nothing, from `created_at` on.
ALTER TABLE api_key ADD COLUMN renewed_at bigint;

-- Since when uses are recorded without a gap of a week, and when one was last recorded, to the hour; 0
-- before the first.
CREATE TABLE api_key_recording (
    id      bigint PRIMARY KEY CHECK (id = 1),
    since   bigint NOT NULL,
    last_at bigint NOT NULL
);
INSERT INTO api_key_recording VALUES (1, 0, 0);

-- An event is kept when its key is deleted, and refers to no row. `actor` is what a program claims, and
-- `session` who it is to the server. `changed` has no text of a key, and no digest.
CREATE TABLE api_key_event (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          bigint NOT NULL DEFAULT extract(epoch FROM clock_timestamp()) * 1000,
    actor       text COLLATE "C" DEFAULT left(nullif(current_setting('auth_api_key.actor', true), ''), 250),
    session     text COLLATE "C" DEFAULT session_user,
    action      text NOT NULL,
    key_id      bigint,
    key_name    text COLLATE "C",
    hint        text,
    group_code  text COLLATE "C",
    user_id     text COLLATE "C",
    changed     jsonb NOT NULL DEFAULT '{}',
    -- What else it does to the same key is added to the same event.
    transaction xid8 DEFAULT pg_current_xact_id()
);
-- By `-id`, so that no planner reads the events of a few keys from the index of all.
CREATE INDEX api_key_event_by_key ON api_key_event (key_id, (-id));
-- Names that were written by hand may be longer than an index holds.
CREATE INDEX api_key_event_by_name ON api_key_event (substr(key_name, 1, 250), (-id));
CREATE INDEX api_key_event_by_actor ON api_key_event (actor, (-id));

-- These functions write with the rights of their owner, so that nobody else needs a right to the trail. They
-- look for everything in the system's schema alone, and name the others' schema, in which somebody may
-- make functions; and nobody else may make a trigger of them, whose argument they would run.
DO $do$
DECLARE
    functions CONSTANT text := $sql$
        CREATE FUNCTION {schema}.api_key_as_json(
            name text, technical_name text, user_id text, networks jsonb, metadata jsonb, expires_at bigint,
            active boolean
        ) RETURNS jsonb IMMUTABLE LANGUAGE sql AS $$
            SELECT jsonb_build_object(
                'name', name, 'technical_name', technical_name, 'user', user_id, 'networks', networks,
                'metadata', metadata, 'expires_at', expires_at, 'active', active)
        $$;

        -- `{"field": {"from": ..., "to": ...}}` for what is not the same.
        CREATE FUNCTION {schema}.api_key_changes(before jsonb, after jsonb) RETURNS jsonb
        IMMUTABLE LANGUAGE sql AS $$
            SELECT coalesce(
                jsonb_object_agg(key, jsonb_build_object('from', b.value, 'to', a.value)), '{}')
            FROM jsonb_each(before) AS b FULL JOIN jsonb_each(after) AS a USING (key)
            WHERE coalesce(b.value, 'null') <> coalesce(a.value, 'null')
        $$;

        -- Adds changes to earlier ones: lists become longer, and what was changed twice is what it was first.
        CREATE FUNCTION {schema}.api_key_merged(earlier jsonb, later jsonb) RETURNS jsonb
        IMMUTABLE LANGUAGE sql AS $$
            SELECT earlier || coalesce(jsonb_object_agg(field.key, CASE
                WHEN NOT earlier ? field.key THEN field.value
                WHEN field.value ? 'to' THEN (earlier -> field.key) || jsonb_build_object('to', field.value -> 'to')
                ELSE (SELECT (earlier -> field.key) || jsonb_object_agg(list.key,
                          coalesce(earlier #> ARRAY[field.key, list.key], '[]') || list.value)
                      FROM jsonb_each(field.value) AS list)
                END), '{}')
            FROM jsonb_each(later) AS field
        $$;
        CREATE AGGREGATE {schema}.api_key_merge(jsonb) (
            SFUNC = {schema}.api_key_merged, STYPE = jsonb, INITCOND = '{}');

        -- Of a text: what is seen of it.
        CREATE FUNCTION {schema}.api_key_hint(prefix text, hint text) RETURNS text IMMUTABLE LANGUAGE sql AS $$
            SELECT coalesce(prefix || '_...', '') || hint
        $$;

        -- Whether these rows are copied from another database, with their trail. Only the owner may say so.
        CREATE FUNCTION {schema}.api_key_is_copied() RETURNS boolean STABLE LANGUAGE sql AS $$
            SELECT current_setting('auth_api_key.trail', true) = 'copied'
                   AND pg_has_role(session_user, relowner, 'MEMBER')
            FROM pg_catalog.pg_class WHERE oid = '{schema}.api_key_event'::regclass
        $$;

        -- Its argument is the query of what has become of keys: each key's id, an action and changes. Keys that
        -- are gone have their event.
        CREATE FUNCTION {schema}.api_key_record() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            IF {schema}.api_key_is_copied() THEN
                RETURN NULL;
            END IF;
            EXECUTE format($q$
                WITH of_keys AS (
                    SELECT k.id AS key_id, k.name, n.action, n.changed, e.id AS event,
                           (SELECT {schema}.api_key_hint(prefix, hint) FROM {schema}.api_key_secret
                            WHERE key_id = k.id ORDER BY id DESC LIMIT 1) AS hint
                    FROM (SELECT key_id, min(action) AS action, {schema}.api_key_merge(changed) AS changed
                          FROM (%s) AS found (key_id, action, changed) GROUP BY key_id) AS n
                    JOIN {schema}.api_key k ON k.id = n.key_id
                    LEFT JOIN LATERAL (
                        SELECT id, at, action, transaction FROM {schema}.api_key_event
                        WHERE key_id = n.key_id ORDER BY -id LIMIT 1
                    ) AS e ON e.transaction = pg_current_xact_id() AND e.action <> 'deleted'
                              -- Numbers of transactions begin anew in a database that was restored.
                              AND e.at >= floor(extract(epoch FROM now()) * 1000)
                ), added AS (
                    UPDATE {schema}.api_key_event e
                    SET key_name = o.name, hint = coalesce(o.hint, e.hint),
                        changed = {schema}.api_key_merged(e.changed, o.changed),
                        action = CASE WHEN o.action = 'updated' OR e.action IN ('created', 'rotated')
                                      THEN e.action ELSE o.action END
                    FROM of_keys o WHERE e.id = o.event
                )
                INSERT INTO {schema}.api_key_event (action, key_id, key_name, hint, changed)
                SELECT action, key_id, name, hint, changed FROM of_keys WHERE event IS NULL ORDER BY key_id
            $q$, TG_ARGV[0]);
            RETURN NULL;
        END $$;

        -- While all is there that will be gone with the key. Events are numbered in the order in which they are
        -- committed, and so wait for other changes, as those do that triggers write which have announced.
        CREATE FUNCTION {schema}.api_key_record_deleted() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            IF {schema}.api_key_is_copied() THEN
                RETURN OLD;
            END IF;
            PERFORM FROM {schema}.api_key_generation FOR UPDATE;
            INSERT INTO {schema}.api_key_event (action, key_id, key_name, hint, changed)
            SELECT 'deleted', OLD.id, OLD.name,
                   (SELECT {schema}.api_key_hint(prefix, hint) FROM {schema}.api_key_secret
                    WHERE key_id = OLD.id ORDER BY id DESC LIMIT 1),
                   (SELECT coalesce(jsonb_object_agg(key, value || '{"to": null}'), '{}')
                    FROM jsonb_each({schema}.api_key_changes(
                        {schema}.api_key_as_json(
                            NULL, OLD.technical_name, OLD.user_id, OLD.networks, OLD.metadata, OLD.expires_at,
                            OLD.active),
                        '{"networks": [], "metadata": {}, "active": true}')))
                   || coalesce((SELECT jsonb_build_object('groups',
                                    jsonb_build_object('removed', jsonb_agg(g.code ORDER BY g.code)))
                                FROM {schema}.api_key_group_member m
                                JOIN {schema}.api_key_group g ON g.id = m.group_id
                                WHERE m.key_id = OLD.id HAVING count(*) > 0), '{}');
            RETURN OLD;
        END $$;

        -- While its code is known, the keys leave a group that is deleted.
        CREATE FUNCTION {schema}.api_key_record_group_deleted() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            DELETE FROM {schema}.api_key_group_member WHERE group_id = OLD.id;
            IF {schema}.api_key_is_copied() IS NOT TRUE THEN
                INSERT INTO {schema}.api_key_event (action, group_code, changed)
                SELECT 'group deleted', OLD.code, {schema}.api_key_changes(
                    jsonb_build_object('name', OLD.name), '{"name": ""}');
            END IF;
            RETURN OLD;
        END $$;

        -- Its argument is the query of what has become of groups and users: an action, the group's code, the
        -- user's id and changes.
        CREATE FUNCTION {schema}.api_key_record_others() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            IF {schema}.api_key_is_copied() IS NOT TRUE THEN
                EXECUTE 'INSERT INTO {schema}.api_key_event (action, group_code, user_id, changed) ' || TG_ARGV[0];
            END IF;
            RETURN NULL;
        END $$;

        -- Once an hour, and waiting for nobody.
        CREATE FUNCTION {schema}.api_key_note_recording() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        DECLARE
            now CONSTANT bigint := extract(epoch FROM clock_timestamp()) * 1000;
            hour CONSTANT bigint := 3600000;
            week CONSTANT bigint := 7 * 24 * hour;
        BEGIN
            IF EXISTS (SELECT FROM changed WHERE used_at > 0) THEN
                UPDATE {schema}.api_key_recording
                SET since = CASE WHEN last_at < now - week THEN now ELSE since END, last_at = now
                WHERE id IN (SELECT id FROM {schema}.api_key_recording WHERE last_at < now - hour
                             FOR UPDATE SKIP LOCKED);
            END IF;
            RETURN NULL;
        END $$;

        REVOKE ALL ON FUNCTION {schema}.api_key_record(), {schema}.api_key_record_deleted(),
            {schema}.api_key_record_group_deleted(), {schema}.api_key_record_others(),
            {schema}.api_key_note_recording() FROM PUBLIC;
    $sql$;
    -- Those that announce come before, by their names. A logical replication brings its events itself.
    triggers CONSTANT text := $sql$
        CREATE TRIGGER trail_inserted AFTER INSERT ON api_key REFERENCING NEW TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION api_key_record($q$
                SELECT id, 'created', {schema}.api_key_changes(
                    '{"networks": [], "metadata": {}, "active": true}',
                    {schema}.api_key_as_json(
                        NULL, technical_name, user_id, networks, metadata, expires_at, active))
                FROM changed $q$);
        CREATE TRIGGER trail_updated AFTER UPDATE ON api_key REFERENCING OLD TABLE AS before NEW TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION api_key_record($q$
                SELECT id, CASE WHEN was_active = active THEN 'updated'
                                WHEN active THEN 'unarchived' ELSE 'archived' END,
                       {schema}.api_key_changes(was, is_now)
                FROM (SELECT c.id, b.active AS was_active, c.active,
                             {schema}.api_key_as_json(b.name, b.technical_name, b.user_id, b.networks, b.metadata,
                                 b.expires_at, b.active) AS was,
                             {schema}.api_key_as_json(c.name, c.technical_name, c.user_id, c.networks, c.metadata,
                                 c.expires_at, c.active) AS is_now
                      FROM changed c JOIN before b USING (id)) AS compared
                WHERE was <> is_now $q$);
        CREATE TRIGGER trail_deleted BEFORE DELETE ON api_key
            FOR EACH ROW EXECUTE FUNCTION api_key_record_deleted();

        CREATE TRIGGER trail_inserted AFTER INSERT ON api_key_secret REFERENCING NEW TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION api_key_record($q$
                SELECT key_id, 'rotated', jsonb_build_object('texts', jsonb_build_object(
                    'added', jsonb_build_array({schema}.api_key_hint(prefix, hint))))
                FROM changed $q$);
        CREATE TRIGGER trail_updated AFTER UPDATE ON api_key_secret
            REFERENCING OLD TABLE AS before NEW TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION api_key_record($q$
                SELECT c.key_id, 'updated', jsonb_build_object('texts', jsonb_build_object(
                    'ending', jsonb_build_array(jsonb_build_object(
                        'text', {schema}.api_key_hint(c.prefix, c.hint), 'at', c.valid_until))))
                FROM changed c JOIN before b USING (id, key_id, digest)
                WHERE c.valid_until IS DISTINCT FROM b.valid_until
                UNION ALL
                SELECT key_id, 'rotated', jsonb_build_object('texts', jsonb_build_object(
                    'added', jsonb_build_array({schema}.api_key_hint(prefix, hint))))
                FROM changed c WHERE NOT EXISTS (SELECT FROM before b
                    WHERE (b.id, b.key_id, b.digest) = (c.id, c.key_id, c.digest))
                UNION ALL
                SELECT key_id, 'updated', jsonb_build_object('texts', jsonb_build_object(
                    'removed', jsonb_build_array({schema}.api_key_hint(prefix, hint))))
                FROM before b WHERE NOT EXISTS (SELECT FROM changed c
                    WHERE (b.id, b.key_id, b.digest) = (c.id, c.key_id, c.digest)) $q$);
        CREATE TRIGGER trail_deleted AFTER DELETE ON api_key_secret REFERENCING OLD TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION api_key_record($q$
                SELECT key_id, 'updated', jsonb_build_object('texts', jsonb_build_object(
                    'removed', jsonb_build_array({schema}.api_key_hint(prefix, hint))))
                FROM changed $q$);

        CREATE TRIGGER trail_inserted AFTER INSERT ON api_key_group_member REFERENCING NEW TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION api_key_record($q$
                SELECT c.key_id, 'updated', jsonb_build_object('groups', jsonb_build_object(
                    'added', jsonb_agg(g.code ORDER BY g.code)))
                FROM changed c JOIN {schema}.api_key_group g ON g.id = c.group_id GROUP BY c.key_id $q$);
        CREATE TRIGGER trail_updated AFTER UPDATE ON api_key_group_member
            REFERENCING OLD TABLE AS before NEW TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION api_key_record($q$
                SELECT m.key_id, 'updated', jsonb_build_object('groups', jsonb_build_object(
                    m.what, jsonb_build_array(g.code)))
                FROM (SELECT 'removed' AS what, * FROM (SELECT key_id, group_id FROM before
                                                        EXCEPT SELECT key_id, group_id FROM changed) AS gone
                      UNION ALL
                      SELECT 'added', * FROM (SELECT key_id, group_id FROM changed
                                              EXCEPT SELECT key_id, group_id FROM before) AS come) AS m
                JOIN {schema}.api_key_group g ON g.id = m.group_id $q$);
        CREATE TRIGGER trail_deleted AFTER DELETE ON api_key_group_member REFERENCING OLD TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION api_key_record($q$
                SELECT c.key_id, 'updated', jsonb_build_object('groups', jsonb_build_object(
                    'removed', jsonb_agg(g.code ORDER BY g.code)))
                FROM changed c JOIN {schema}.api_key_group g ON g.id = c.group_id GROUP BY c.key_id $q$);

        CREATE TRIGGER trail_inserted AFTER INSERT ON api_key_group REFERENCING NEW TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION api_key_record_others($q$
                SELECT 'group created', code, NULL, {schema}.api_key_changes(
                    '{"name": ""}', jsonb_build_object('name', name)) FROM changed ORDER BY code $q$);
        CREATE TRIGGER trail_updated AFTER UPDATE ON api_key_group
            REFERENCING OLD TABLE AS before NEW TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION api_key_record_others($q$
                SELECT 'group updated', c.code, NULL, {schema}.api_key_changes(
                    jsonb_build_object('code', b.code, 'name', b.name),
                    jsonb_build_object('code', c.code, 'name', c.name))
                FROM changed c JOIN before b USING (id) WHERE (b.code, b.name) <> (c.code, c.name) $q$);
        CREATE TRIGGER trail_deleted BEFORE DELETE ON api_key_group
            FOR EACH ROW EXECUTE FUNCTION api_key_record_group_deleted();

        -- A user is made with the first key, whose event has the id.
        CREATE TRIGGER trail_inserted AFTER INSERT ON api_key_user REFERENCING NEW TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION api_key_record_others($q$
                SELECT 'user archived', NULL, id, '{}'::jsonb FROM changed WHERE NOT active $q$);
        CREATE TRIGGER trail_updated AFTER UPDATE ON api_key_user
            REFERENCING OLD TABLE AS before NEW TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION api_key_record_others($q$
                SELECT CASE WHEN c.id IS NULL THEN 'user deleted' WHEN c.active THEN 'user unarchived'
                            ELSE 'user archived' END, NULL, id, '{}'::jsonb
                FROM changed c FULL JOIN before b USING (id)
                WHERE c.id IS NULL OR c.active <> coalesce(b.active, true) $q$);
        CREATE TRIGGER trail_deleted AFTER DELETE ON api_key_user REFERENCING OLD TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION api_key_record_others($q$
                SELECT 'user deleted', NULL, id, '{}'::jsonb FROM changed $q$);

        CREATE TRIGGER trail_use_inserted AFTER INSERT ON api_key_use REFERENCING NEW TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION api_key_note_recording();
        CREATE TRIGGER trail_use_updated AFTER UPDATE ON api_key_use REFERENCING NEW TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION api_key_note_recording();
    $sql$;
    name text;
BEGIN
    EXECUTE replace(functions, '{schema}', quote_ident(current_schema()));
    EXECUTE replace(triggers, '{schema}', quote_ident(current_schema()));
    FOREACH name IN ARRAY ARRAY['api_key', 'api_key_secret', 'api_key_group', 'api_key_group_member', 'api_key_user']
    LOOP
        EXECUTE format(
            'CREATE TRIGGER trail_truncated AFTER TRUNCATE ON %I
             FOR EACH STATEMENT EXECUTE FUNCTION api_key_record_others(%L)', name,
            format('SELECT %L, NULL, NULL, jsonb_build_object(%L, %L)', 'truncated', 'table', name));
    END LOOP;
END
$do$;

INSERT INTO api_key_schema VALUES (3, 2);
