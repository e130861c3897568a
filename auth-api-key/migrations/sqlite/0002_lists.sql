-- What lists are read from, a page at a time: indexes in their orders, and a row of `api_key_use` for
-- every key, also for one that was never used.

-- Times as before; 0 for a key that was never used.
INSERT INTO api_key_use (key_id, used_at)
    SELECT id, 0 FROM api_key WHERE id NOT IN (SELECT key_id FROM api_key_use);

CREATE TRIGGER api_key_use_begun AFTER INSERT ON api_key BEGIN
    INSERT INTO api_key_use (key_id, used_at)
        SELECT NEW.id, 0 WHERE NOT EXISTS (SELECT 1 FROM api_key_use WHERE key_id = NEW.id);
END;
-- Whoever clears uses by hand leaves keys that were never used.
CREATE TRIGGER api_key_use_cleared AFTER DELETE ON api_key_use BEGIN
    INSERT INTO api_key_use (key_id, used_at) SELECT id, 0 FROM api_key WHERE id = OLD.key_id;
END;

DROP INDEX api_key_by_user;
CREATE INDEX api_key_by_user ON api_key (user_id, name);

-- Each key in each list that it is in, with what its pages are found by: `a` is the list of all keys,
-- `u` and an id that of a user, `g` and a number that of a group, and both that of a user's keys in a
-- group. Triggers keep it as the view has it; where they were off, delete all rows and insert those of
-- the view.
CREATE TABLE api_key_listed (
    key_id     INTEGER NOT NULL REFERENCES api_key (id) ON DELETE CASCADE,
    list       TEXT NOT NULL,
    archived   INTEGER NOT NULL,
    name       TEXT NOT NULL,
    expires_at INTEGER,
    used_at    INTEGER NOT NULL,
    PRIMARY KEY (key_id, list)
) STRICT, WITHOUT ROWID;
CREATE VIEW api_key_to_list AS
    SELECT l.key_id, l.list, NOT (k.active AND u.active) AS archived, k.name, k.expires_at,
           coalesce(w.used_at, 0) AS used_at
    FROM (SELECT id AS key_id, 'a' AS list FROM api_key
          UNION ALL SELECT id, 'u' || user_id FROM api_key
          UNION ALL SELECT key_id, 'g' || group_id FROM api_key_group_member
          UNION ALL SELECT m.key_id, 'g' || m.group_id || 'u' || k.user_id
              FROM api_key_group_member m JOIN api_key k ON k.id = m.key_id) l
    JOIN api_key k ON k.id = l.key_id
    JOIN api_key_user u ON u.id = k.user_id
    LEFT JOIN api_key_use w ON w.key_id = k.id;
INSERT INTO api_key_listed SELECT * FROM api_key_to_list;
-- Each has all that most conditions ask for, so that keys which are passed over cost little.
CREATE INDEX api_key_listed_by_name
    ON api_key_listed (list, archived, name, expires_at, used_at);
CREATE INDEX api_key_listed_by_use
    ON api_key_listed (list, archived, used_at, key_id, expires_at, name);
CREATE INDEX api_key_listed_by_expiry
    ON api_key_listed (list, archived, expires_at, name, used_at) WHERE expires_at IS NOT NULL;

-- `REPLACE` fires no trigger for what it drops, and foreign keys may be off; but what it may have
-- dropped was written down as changed.
CREATE TRIGGER api_key_listed_inserted AFTER INSERT ON api_key BEGIN
    DELETE FROM api_key_listed WHERE key_id = NEW.id OR key_id IN (SELECT key_id FROM api_key_change c
        WHERE generation >= (SELECT value FROM api_key_generation)
        AND NOT EXISTS (SELECT 1 FROM api_key WHERE id = c.key_id));
    INSERT INTO api_key_listed SELECT * FROM api_key_to_list WHERE key_id = NEW.id;
END;
CREATE TRIGGER api_key_listed_updated
AFTER UPDATE OF id, name, technical_name, user_id, expires_at, active ON api_key BEGIN
    DELETE FROM api_key_listed WHERE key_id IN (OLD.id, NEW.id)
        OR key_id IN (SELECT key_id FROM api_key_change c
            WHERE generation >= (SELECT value FROM api_key_generation)
            AND NOT EXISTS (SELECT 1 FROM api_key WHERE id = c.key_id));
    INSERT INTO api_key_listed SELECT * FROM api_key_to_list WHERE key_id = NEW.id;
END;
CREATE TRIGGER api_key_listed_deleted AFTER DELETE ON api_key BEGIN
    DELETE FROM api_key_listed WHERE key_id = OLD.id;
END;

CREATE TRIGGER api_key_listed_member_inserted AFTER INSERT ON api_key_group_member BEGIN
    DELETE FROM api_key_listed WHERE key_id = NEW.key_id;
    INSERT INTO api_key_listed SELECT * FROM api_key_to_list WHERE key_id = NEW.key_id;
END;
CREATE TRIGGER api_key_listed_member_updated AFTER UPDATE ON api_key_group_member BEGIN
    DELETE FROM api_key_listed WHERE key_id IN (OLD.key_id, NEW.key_id);
    INSERT INTO api_key_listed SELECT * FROM api_key_to_list
        WHERE key_id IN (OLD.key_id, NEW.key_id);
END;
CREATE TRIGGER api_key_listed_member_deleted AFTER DELETE ON api_key_group_member BEGIN
    DELETE FROM api_key_listed WHERE key_id = OLD.key_id;
    INSERT INTO api_key_listed SELECT * FROM api_key_to_list WHERE key_id = OLD.key_id;
END;

-- Who is inserted has keys where `REPLACE` did it, and who is deleted where foreign keys are off.
CREATE TRIGGER api_key_listed_user_inserted AFTER INSERT ON api_key_user BEGIN
    DELETE FROM api_key_listed WHERE key_id IN (SELECT id FROM api_key WHERE user_id = NEW.id);
    INSERT INTO api_key_listed SELECT * FROM api_key_to_list
        WHERE key_id IN (SELECT id FROM api_key WHERE user_id = NEW.id);
END;
CREATE TRIGGER api_key_listed_user_updated AFTER UPDATE ON api_key_user BEGIN
    DELETE FROM api_key_listed
        WHERE key_id IN (SELECT id FROM api_key WHERE user_id IN (OLD.id, NEW.id));
    INSERT INTO api_key_listed SELECT * FROM api_key_to_list
        WHERE key_id IN (SELECT id FROM api_key WHERE user_id = NEW.id);
END;
CREATE TRIGGER api_key_listed_user_deleted AFTER DELETE ON api_key_user BEGIN
    DELETE FROM api_key_listed WHERE key_id IN (SELECT id FROM api_key WHERE user_id = OLD.id);
END;

CREATE TRIGGER api_key_listed_use_inserted AFTER INSERT ON api_key_use BEGIN
    UPDATE api_key_listed SET used_at = NEW.used_at
        WHERE key_id = NEW.key_id AND used_at <> NEW.used_at;
END;
CREATE TRIGGER api_key_listed_use_updated AFTER UPDATE ON api_key_use BEGIN
    UPDATE api_key_listed SET used_at = NEW.used_at WHERE key_id = NEW.key_id;
END;

-- Which states of the keys the last 1,000 generations are: a counter alone counts the same numbers
-- again once an older state was restored.
CREATE TABLE api_key_token (
    generation INTEGER PRIMARY KEY,
    token      BLOB NOT NULL DEFAULT (randomblob(16))
) STRICT;
INSERT INTO api_key_token (generation) SELECT value FROM api_key_generation;

-- Where the generation was set by hand, nothing is known of what led to it. Statements without
-- `REPLACE`, which an `OR IGNORE` far outside would overrule.
DROP TRIGGER api_key_generation_moved;
CREATE TRIGGER api_key_generation_moved AFTER UPDATE ON api_key_generation BEGIN
    DELETE FROM api_key_change WHERE generation <= NEW.value - 1000;
    DELETE FROM api_key_token WHERE generation <= NEW.value - 1000;
    DELETE FROM api_key_token WHERE generation >= NEW.value;
    DELETE FROM api_key_token WHERE NEW.value <> OLD.value + 1;
    INSERT INTO api_key_token (generation) VALUES (NEW.value);
END;
CREATE TRIGGER api_key_generation_inserted AFTER INSERT ON api_key_generation BEGIN
    DELETE FROM api_key_token;
    INSERT INTO api_key_token (generation) VALUES (NEW.value);
END;

-- What `REPLACE` is about to drop, for the statements and tables that the first migration leaves out.
CREATE TRIGGER api_key_replacing BEFORE UPDATE OF id, name, technical_name ON api_key BEGIN
    INSERT INTO api_key_change SELECT value + 1, k.id FROM api_key_generation, api_key k
        WHERE k.id <> OLD.id
        AND (k.id = NEW.id OR k.name = NEW.name OR k.technical_name = NEW.technical_name);
END;
CREATE TRIGGER api_key_secret_replacing BEFORE UPDATE OF id, digest ON api_key_secret BEGIN
    INSERT INTO api_key_change SELECT value + 1, s.key_id FROM api_key_generation, api_key_secret s
        WHERE s.id <> OLD.id AND (s.id = NEW.id OR s.digest = NEW.digest);
END;
CREATE TRIGGER api_key_group_replaced BEFORE INSERT ON api_key_group BEGIN
    INSERT INTO api_key_change SELECT value + 1, m.key_id
        FROM api_key_generation, api_key_group g JOIN api_key_group_member m ON m.group_id = g.id
        WHERE g.id = NEW.id OR g.code = NEW.code;
END;
CREATE TRIGGER api_key_group_replacing BEFORE UPDATE OF code ON api_key_group BEGIN
    INSERT INTO api_key_change SELECT value + 1, m.key_id
        FROM api_key_generation, api_key_group g JOIN api_key_group_member m ON m.group_id = g.id
        WHERE g.id <> OLD.id AND g.code = NEW.code;
END;

-- The triggers by which changes are noticed, as a watch must find them.
CREATE TABLE api_key_trigger (
    name TEXT PRIMARY KEY,
    sql  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO api_key_trigger SELECT name, sql FROM sqlite_schema
    WHERE type = 'trigger' AND tbl_name IN ('api_key', 'api_key_secret', 'api_key_user',
        'api_key_group', 'api_key_group_member', 'api_key_generation')
    AND name <> 'api_key_use_begun' AND name NOT GLOB 'api_key_listed_*';

-- From which version on programs can use these tables as this version of the schema has made them: a
-- program that knows none newer than it, and not this one, starts over it. It keeps its triggers then.
-- Where a version of the schema has no row, no program starts that does not know it.
CREATE TABLE api_key_schema (
    version         INTEGER PRIMARY KEY,
    compatible_from INTEGER NOT NULL
) STRICT;
INSERT INTO api_key_schema VALUES (2, 2);

-- Which keys were copied into this database: those of the source that `origin` tells from all others, up to
-- where the keys here had this state. `handed_over` is the state that those of the source had before they
-- were refused there.
CREATE TABLE api_key_copy (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    origin      TEXT NOT NULL,
    source      TEXT NOT NULL,
    state       TEXT NOT NULL,
    handed_over TEXT,
    complete    INTEGER NOT NULL
) STRICT;

-- Whether a pepper is still in use is asked for while texts come that are not keys.
CREATE INDEX api_key_secret_by_pepper ON api_key_secret (pepper_version, valid_until);

-- Networks that no program could read are refused as they are written; those that are there already stay.
CREATE TRIGGER api_key_checked_inserted BEFORE INSERT ON api_key
WHEN EXISTS (SELECT 1 FROM json_each(NEW.networks)
    WHERE type <> 'text' OR value = '' OR value GLOB '*[^0-9A-Fa-f:./]*') BEGIN
    SELECT RAISE(ABORT, '`networks` must hold networks and addresses alone');
END;
CREATE TRIGGER api_key_checked_updated BEFORE UPDATE OF networks ON api_key
WHEN EXISTS (SELECT 1 FROM json_each(NEW.networks)
    WHERE type <> 'text' OR value = '' OR value GLOB '*[^0-9A-Fa-f:./]*') BEGIN
    SELECT RAISE(ABORT, '`networks` must hold networks and addresses alone');
END;

-- The prefix of an issued text, and its last four characters as `hint`: a database with an encoding
-- other than UTF-8 need not know what was between them.
ALTER TABLE api_key_secret ADD COLUMN prefix TEXT;
UPDATE api_key_secret SET prefix = substr(hint, 1, length(hint) - 6), hint = substr(hint, -4) WHERE length(hint) > 6;
