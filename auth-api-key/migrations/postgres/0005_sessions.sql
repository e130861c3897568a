-- Who is signed in to the pages for operators, and how often somebody was refused. Times are milliseconds
-- since 1970.

-- Until the end of this transaction, as in the first migration.
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- A session: the digest of the token that the browser has, the key that it was begun with, and the digests of
-- the text of that key.
CREATE TABLE api_key_session (
    token    bytea PRIMARY KEY,
    key_id   bigint NOT NULL,
    digests  bytea NOT NULL,
    begun_at bigint NOT NULL,
    used_at  bigint NOT NULL
);
CREATE INDEX api_key_session_by_key ON api_key_session (key_id, begun_at);

-- The groups whose keys have signed in to any pages: those who manage keys on other pages must not give them.
CREATE TABLE api_key_operator_group (
    code text COLLATE "C" PRIMARY KEY
);

-- What is inserted here becomes an event of the trail, written with the rights of the owner, as in the third
-- migration: how many sign-ins were refused, and from where.
CREATE VIEW api_key_refused_sign_in AS SELECT '{}'::jsonb AS changed WHERE false;
DO $do$
BEGIN
    EXECUTE replace($sql$
        CREATE FUNCTION {schema}.api_key_record_refused_sign_in() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            INSERT INTO {schema}.api_key_event (action, changed) VALUES ('sign-in refused', NEW.changed);
            RETURN NEW;
        END $$;
        REVOKE ALL ON FUNCTION {schema}.api_key_record_refused_sign_in() FROM PUBLIC;
    $sql$, '{schema}', quote_ident(current_schema()));
END
$do$;
CREATE TRIGGER trail_inserted INSTEAD OF INSERT ON api_key_refused_sign_in
    FOR EACH ROW EXECUTE FUNCTION api_key_record_refused_sign_in();

-- What is looked for in the trail beside a key or an actor.
CREATE INDEX api_key_event_by_action ON api_key_event (action, (-id));

INSERT INTO api_key_schema VALUES (5, 2);
