-- Keys, their digests, users and groups, and the generation that every change of them moves and
-- announces. Times are milliseconds since 1970-01-01 UTC; texts compare by their bytes.

-- Until the end of this transaction: the trigger function keeps it, and must find these tables
-- whoever changes a row.
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

CREATE TABLE api_key_user (
    id     text COLLATE "C" PRIMARY KEY CHECK (trim(id) <> ''),
    active boolean NOT NULL DEFAULT true
);

CREATE TABLE api_key (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name           text COLLATE "C" NOT NULL UNIQUE CHECK (trim(name) <> ''),
    technical_name text COLLATE "C" UNIQUE CHECK (trim(technical_name) <> ''),
    user_id        text COLLATE "C" NOT NULL REFERENCES api_key_user (id) ON UPDATE CASCADE,
    networks       jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(networks) = 'array'),
    metadata       jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
    expires_at     bigint,
    active         boolean NOT NULL DEFAULT true,
    created_at     bigint NOT NULL DEFAULT extract(epoch FROM now()) * 1000
);
CREATE INDEX api_key_by_user ON api_key (user_id);

CREATE TABLE api_key_pepper (
    version     bigint PRIMARY KEY CHECK (version >= 0),
    check_value bytea NOT NULL CHECK (length(check_value) = 32)
);

-- The texts by which a key is known: one, or two while a rotation overlaps.
CREATE TABLE api_key_secret (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key_id         bigint NOT NULL REFERENCES api_key (id) ON DELETE CASCADE,
    digest         bytea NOT NULL UNIQUE CHECK (length(digest) = 32),
    pepper_version bigint NOT NULL REFERENCES api_key_pepper (version),
    hint           text NOT NULL,
    valid_until    bigint
);
CREATE INDEX api_key_secret_by_key ON api_key_secret (key_id);

CREATE TABLE api_key_group (
    id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text COLLATE "C" NOT NULL UNIQUE CHECK (trim(code) <> ''),
    name text NOT NULL DEFAULT ''
);

CREATE TABLE api_key_group_member (
    group_id bigint NOT NULL REFERENCES api_key_group (id) ON DELETE CASCADE,
    key_id   bigint NOT NULL REFERENCES api_key (id) ON DELETE CASCADE,
    PRIMARY KEY (key_id, group_id)
);
CREATE INDEX api_key_group_member_by_group ON api_key_group_member (group_id);

-- When a key was last let in, to the minute. No decision reads it.
CREATE TABLE api_key_use (
    key_id  bigint PRIMARY KEY REFERENCES api_key (id) ON DELETE CASCADE,
    used_at bigint NOT NULL
);

-- A row and not a sequence, which would move before the commit.
CREATE TABLE api_key_generation (
    id    integer PRIMARY KEY CHECK (id = 1),
    value bigint NOT NULL
);
INSERT INTO api_key_generation VALUES (1, 0);

-- Moves the generation and announces it, with the keys that a statement changed: `12 7,9`, or
-- `12 all` where they are many. Its argument tells how the keys follow from the rows `changed`.
CREATE FUNCTION api_key_announce() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    rows_changed boolean := true;
    keys text := 'all';
    many CONSTANT integer := 100;
    generation bigint;
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
        UPDATE api_key_generation SET value = value + 1 RETURNING value INTO generation;
        PERFORM pg_notify('api_key_' || 'api_key_generation'::regclass::oid, generation || ' ' || keys);
    END IF;
    RETURN NULL;
END
$$;

-- For what a logical replication applies, which fires the triggers of rows alone.
CREATE FUNCTION api_key_announce_replicated() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    generation bigint;
BEGIN
    UPDATE api_key_generation SET value = value + 1 RETURNING value INTO generation;
    PERFORM pg_notify('api_key_' || 'api_key_generation'::regclass::oid, generation || ' all');
    RETURN NULL;
END
$$;

DO $$
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
                'CREATE TRIGGER %1$I AFTER %2$s ON %3$I %4$s
                 FOR EACH STATEMENT EXECUTE FUNCTION api_key_announce(%5$L)',
                of_table.name || '_' || event.name, event.operation, of_table.name,
                event.transition, of_table.keys);
            EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I',
                of_table.name, of_table.name || '_' || event.name);
        END LOOP;
        EXECUTE format(
            'CREATE TRIGGER %1$I AFTER INSERT OR UPDATE OR DELETE ON %2$I
             FOR EACH ROW EXECUTE FUNCTION api_key_announce_replicated()',
            of_table.name || '_replicated', of_table.name);
        EXECUTE format('ALTER TABLE %I ENABLE REPLICA TRIGGER %I',
            of_table.name, of_table.name || '_replicated');
    END LOOP;
END
$$;
