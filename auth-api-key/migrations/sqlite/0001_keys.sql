-- Keys, their digests, users and groups, and the generation that every change of them moves.
-- Times are milliseconds since 1970-01-01 UTC.

CREATE TABLE api_key_user (
    id     TEXT PRIMARY KEY CHECK (trim(id) <> ''),
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE api_key (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    name           TEXT NOT NULL UNIQUE CHECK (trim(name) <> ''),
    technical_name TEXT UNIQUE CHECK (trim(technical_name) <> ''),
    user_id        TEXT NOT NULL REFERENCES api_key_user (id),
    networks       TEXT NOT NULL DEFAULT '[]' CHECK (json_type(networks) = 'array'),
    metadata       TEXT NOT NULL DEFAULT '{}' CHECK (json_type(metadata) = 'object'),
    expires_at     INTEGER,
    active         INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    created_at     INTEGER NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000 AS INTEGER))
) STRICT;
CREATE INDEX api_key_by_user ON api_key (user_id);

-- The texts by which a key is known: one, or two while a rotation overlaps.
CREATE TABLE api_key_secret (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    key_id         INTEGER NOT NULL REFERENCES api_key (id) ON DELETE CASCADE,
    digest         BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    pepper_version INTEGER NOT NULL REFERENCES api_key_pepper (version),
    hint           TEXT NOT NULL,
    valid_until    INTEGER
) STRICT;
CREATE INDEX api_key_secret_by_key ON api_key_secret (key_id);

CREATE TABLE api_key_pepper (
    version     INTEGER PRIMARY KEY CHECK (version >= 0),
    check_value BLOB NOT NULL CHECK (length(check_value) = 32)
) STRICT;

CREATE TABLE api_key_group (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL UNIQUE CHECK (trim(code) <> ''),
    name TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE api_key_group_member (
    group_id INTEGER NOT NULL REFERENCES api_key_group (id) ON DELETE CASCADE,
    key_id   INTEGER NOT NULL REFERENCES api_key (id) ON DELETE CASCADE,
    PRIMARY KEY (key_id, group_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX api_key_group_member_by_group ON api_key_group_member (group_id);

-- When a key was last let in, to the minute. No decision reads it.
CREATE TABLE api_key_use (
    key_id  INTEGER PRIMARY KEY REFERENCES api_key (id) ON DELETE CASCADE,
    used_at INTEGER NOT NULL
) STRICT;

CREATE TABLE api_key_generation (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    value INTEGER NOT NULL
) STRICT;
INSERT INTO api_key_generation VALUES (1, 0);

-- The keys that the last 1,000 generations changed, so that other processes drop these alone.
CREATE TABLE api_key_change (
    generation INTEGER NOT NULL,
    key_id     INTEGER NOT NULL
) STRICT;
CREATE INDEX api_key_change_by_generation ON api_key_change (generation);

CREATE TRIGGER api_key_generation_moved AFTER UPDATE ON api_key_generation
    BEGIN DELETE FROM api_key_change WHERE generation <= NEW.value - 1000; END;

-- What `REPLACE` is about to drop: SQLite tells no other trigger of it.
CREATE TRIGGER api_key_replaced BEFORE INSERT ON api_key BEGIN
    INSERT INTO api_key_change SELECT value + 1, k.id FROM api_key_generation, api_key k
        WHERE k.id = NEW.id OR k.name = NEW.name OR k.technical_name = NEW.technical_name;
END;
CREATE TRIGGER api_key_secret_replaced BEFORE INSERT ON api_key_secret BEGIN
    INSERT INTO api_key_change SELECT value + 1, s.key_id FROM api_key_generation, api_key_secret s
        WHERE s.id = NEW.id OR s.digest = NEW.digest;
END;

CREATE TRIGGER api_key_inserted AFTER INSERT ON api_key BEGIN
    UPDATE api_key_generation SET value = value + 1;
END;
CREATE TRIGGER api_key_updated AFTER UPDATE ON api_key BEGIN
    UPDATE api_key_generation SET value = value + 1;
    INSERT INTO api_key_change SELECT value, OLD.id FROM api_key_generation;
END;
CREATE TRIGGER api_key_deleted AFTER DELETE ON api_key BEGIN
    UPDATE api_key_generation SET value = value + 1;
    INSERT INTO api_key_change SELECT value, OLD.id FROM api_key_generation;
END;

CREATE TRIGGER api_key_secret_inserted AFTER INSERT ON api_key_secret BEGIN
    UPDATE api_key_generation SET value = value + 1;
END;
CREATE TRIGGER api_key_secret_updated AFTER UPDATE ON api_key_secret BEGIN
    UPDATE api_key_generation SET value = value + 1;
    INSERT INTO api_key_change SELECT value, OLD.key_id FROM api_key_generation;
END;
CREATE TRIGGER api_key_secret_deleted AFTER DELETE ON api_key_secret BEGIN
    UPDATE api_key_generation SET value = value + 1;
    INSERT INTO api_key_change SELECT value, OLD.key_id FROM api_key_generation;
END;

CREATE TRIGGER api_key_group_member_inserted AFTER INSERT ON api_key_group_member BEGIN
    UPDATE api_key_generation SET value = value + 1;
    INSERT INTO api_key_change SELECT value, NEW.key_id FROM api_key_generation;
END;
CREATE TRIGGER api_key_group_member_updated AFTER UPDATE ON api_key_group_member BEGIN
    UPDATE api_key_generation SET value = value + 1;
    INSERT INTO api_key_change SELECT value, OLD.key_id FROM api_key_generation;
    INSERT INTO api_key_change SELECT value, NEW.key_id FROM api_key_generation;
END;
CREATE TRIGGER api_key_group_member_deleted AFTER DELETE ON api_key_group_member BEGIN
    UPDATE api_key_generation SET value = value + 1;
    INSERT INTO api_key_change SELECT value, OLD.key_id FROM api_key_generation;
END;

-- Who is inserted has keys where `REPLACE` did it; who is deleted, where foreign keys are off, as
-- they are in `sqlite3` unless it is told otherwise.
CREATE TRIGGER api_key_user_inserted AFTER INSERT ON api_key_user BEGIN
    UPDATE api_key_generation SET value = value + 1;
    INSERT INTO api_key_change SELECT value, k.id FROM api_key_generation, api_key k
        WHERE k.user_id = NEW.id;
END;
CREATE TRIGGER api_key_user_updated AFTER UPDATE ON api_key_user BEGIN
    UPDATE api_key_generation SET value = value + 1;
    INSERT INTO api_key_change SELECT value, k.id FROM api_key_generation, api_key k
        WHERE k.user_id IN (OLD.id, NEW.id);
END;
CREATE TRIGGER api_key_user_deleted AFTER DELETE ON api_key_user BEGIN
    UPDATE api_key_generation SET value = value + 1;
    INSERT INTO api_key_change SELECT value, k.id FROM api_key_generation, api_key k
        WHERE k.user_id = OLD.id;
END;

CREATE TRIGGER api_key_group_inserted AFTER INSERT ON api_key_group BEGIN
    UPDATE api_key_generation SET value = value + 1;
    INSERT INTO api_key_change SELECT value, m.key_id FROM api_key_generation, api_key_group_member m
        WHERE m.group_id = NEW.id;
END;
CREATE TRIGGER api_key_group_updated AFTER UPDATE ON api_key_group BEGIN
    UPDATE api_key_generation SET value = value + 1;
    INSERT INTO api_key_change SELECT value, m.key_id FROM api_key_generation, api_key_group_member m
        WHERE m.group_id IN (OLD.id, NEW.id);
END;
CREATE TRIGGER api_key_group_deleted AFTER DELETE ON api_key_group BEGIN
    UPDATE api_key_generation SET value = value + 1;
    INSERT INTO api_key_change SELECT value, m.key_id FROM api_key_generation, api_key_group_member m
        WHERE m.group_id = OLD.id;
END;
