-- The trail: what was changed, when, and by whom. Triggers write it in the transaction of the change, so
-- that there is neither without the other, whoever makes the change. And what lifetimes and unused keys are
-- known by.

-- When a key was made here, or was given its present expiry: its lifetime counts from then on. Where there
-- is nothing, from `created_at` on.
ALTER TABLE api_key ADD COLUMN renewed_at INTEGER;

-- Since when uses are recorded without a gap of a week, and when one was last recorded, to the hour; 0
-- before the first.
CREATE TABLE api_key_recording (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    since   INTEGER NOT NULL,
    last_at INTEGER NOT NULL
) STRICT;
INSERT INTO api_key_recording VALUES (1, 0, 0);

CREATE TRIGGER api_key_trail_use_inserted AFTER INSERT ON api_key_use WHEN NEW.used_at > 0 BEGIN
    UPDATE api_key_recording SET
        since = iif(last_at < unixepoch() * 1000 - 7 * 24 * 3600000, unixepoch() * 1000, since),
        last_at = unixepoch() * 1000
    WHERE last_at < unixepoch() * 1000 - 3600000;
END;
CREATE TRIGGER api_key_trail_use_updated AFTER UPDATE ON api_key_use WHEN NEW.used_at > 0 BEGIN
    UPDATE api_key_recording SET
        since = iif(last_at < unixepoch() * 1000 - 7 * 24 * 3600000, unixepoch() * 1000, since),
        last_at = unixepoch() * 1000
    WHERE last_at < unixepoch() * 1000 - 3600000;
END;

-- An event is kept when its key is deleted, and refers to no row. `actor` is what a program claims, and
-- `session` is `sql` where a change was made by hand. `changed` has no text of a key, and no digest.
CREATE TABLE api_key_event (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    -- As older programs read it, too, which may be used by hand.
    at         INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
    actor      TEXT,
    session    TEXT,
    action     TEXT NOT NULL,
    key_id     INTEGER,
    key_name   TEXT,
    hint       TEXT,
    group_code TEXT,
    user_id    TEXT,
    changed    TEXT NOT NULL DEFAULT '{}'
) STRICT;
-- By `-id`, so that no planner reads the events of a few keys from the index of all.
CREATE INDEX api_key_event_by_key ON api_key_event (key_id, -id);
CREATE INDEX api_key_event_by_name ON api_key_event (substr(key_name, 1, 250), -id);
CREATE INDEX api_key_event_by_actor ON api_key_event (actor, -id);

-- Who makes a change through this crate: a row that is there inside of its transaction alone. Events with
-- greater numbers than `after_event` are of this transaction. What is copied brings its events.
CREATE TABLE api_key_acting (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    actor       TEXT,
    after_event INTEGER NOT NULL,
    copying     INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What is inserted here becomes an event; of a key, it is added to the event that the transaction has written
-- of it: `{"field": {"from": …, "to": …}}`, or a `value` for a list of a field.
CREATE VIEW api_key_to_record AS
    SELECT NULL AS action, NULL AS key_id, NULL AS changed, NULL AS field, NULL AS list, NULL AS value,
           NULL AS group_code, NULL AS user_id;
CREATE TRIGGER api_key_trail_recorded INSTEAD OF INSERT ON api_key_to_record
WHEN NEW.key_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM api_key_acting WHERE copying) BEGIN
    INSERT INTO api_key_event (actor, session, action, key_id, key_name)
    SELECT (SELECT actor FROM api_key_acting), iif(EXISTS (SELECT 1 FROM api_key_acting), NULL, 'sql'),
           NEW.action, NEW.key_id,
           (SELECT key_name FROM api_key_event WHERE key_id = NEW.key_id ORDER BY -id LIMIT 1)
    WHERE NOT EXISTS (SELECT 1 FROM api_key_event
        WHERE key_id = NEW.key_id AND -id < (SELECT -after_event FROM api_key_acting));
    UPDATE api_key_event SET
        action = CASE WHEN NEW.action = 'updated' OR action IN ('created', 'rotated') THEN action
                      ELSE NEW.action END,
        key_name = coalesce((SELECT name FROM api_key WHERE id = NEW.key_id), key_name),
        hint = coalesce((SELECT coalesce(prefix || '_...', '') || hint FROM api_key_secret
                         WHERE key_id = NEW.key_id ORDER BY id DESC LIMIT 1), hint),
        changed = CASE
            WHEN NEW.list IS NOT NULL THEN json_insert(
                json_insert(json_insert(changed, '$.' || NEW.field, json('{}')),
                    '$.' || NEW.field || '.' || NEW.list, json('[]')),
                '$.' || NEW.field || '.' || NEW.list || '[#]', json(NEW.value))
            WHEN changed = '{}' THEN coalesce(NEW.changed, changed)
            ELSE (SELECT json_group_object(key, json(value))
                  FROM (SELECT key, value FROM json_each(changed)
                        UNION ALL SELECT key, value FROM json_each(coalesce(NEW.changed, '{}'))))
        END
    WHERE id = (SELECT id FROM api_key_event WHERE key_id = NEW.key_id ORDER BY -id LIMIT 1);
END;

CREATE TRIGGER api_key_trail_other_recorded INSTEAD OF INSERT ON api_key_to_record
WHEN NEW.key_id IS NULL AND NOT EXISTS (SELECT 1 FROM api_key_acting WHERE copying) BEGIN
    INSERT INTO api_key_event (actor, session, action, group_code, user_id, changed)
    SELECT (SELECT actor FROM api_key_acting), iif(EXISTS (SELECT 1 FROM api_key_acting), NULL, 'sql'),
           NEW.action, NEW.group_code, NEW.user_id, coalesce(NEW.changed, '{}');
END;

-- `REPLACE` fires no trigger for what it drops; but what it may have dropped was written down as changed.
CREATE TRIGGER api_key_trail_inserted AFTER INSERT ON api_key BEGIN
    INSERT INTO api_key_to_record (key_id, action)
    SELECT DISTINCT key_id, 'deleted' FROM api_key_change c
    WHERE generation >= (SELECT value FROM api_key_generation)
        AND NOT EXISTS (SELECT 1 FROM api_key WHERE id = c.key_id)
        AND (SELECT action FROM api_key_event WHERE key_id = c.key_id ORDER BY -id LIMIT 1)
            IS NOT 'deleted';
    INSERT INTO api_key_to_record (key_id, action, changed) SELECT NEW.id, 'created', (
        SELECT json_group_object(field, json_object('from', json(was), 'to', json(is_now)))
        FROM (
            SELECT 'technical_name' AS field, 'null' AS was, json_quote(NEW.technical_name) AS is_now
            UNION ALL SELECT 'user', 'null', json_quote(NEW.user_id)
            UNION ALL SELECT 'networks', '[]', json(NEW.networks)
            UNION ALL SELECT 'metadata', '{}', json(NEW.metadata)
            UNION ALL SELECT 'expires_at', 'null', json_quote(NEW.expires_at)
            UNION ALL SELECT 'active', 'true', iif(NEW.active, 'true', 'false'))
        WHERE was <> is_now);
END;
CREATE TRIGGER api_key_trail_updated AFTER UPDATE ON api_key
WHEN (OLD.name, OLD.technical_name, OLD.user_id, OLD.networks, OLD.metadata, OLD.expires_at, OLD.active)
    IS NOT (NEW.name, NEW.technical_name, NEW.user_id, NEW.networks, NEW.metadata, NEW.expires_at, NEW.active)
BEGIN
    INSERT INTO api_key_to_record (key_id, action, changed) SELECT NEW.id,
        CASE WHEN OLD.active = NEW.active THEN 'updated' WHEN NEW.active THEN 'unarchived' ELSE 'archived' END, (
        SELECT json_group_object(field, json_object('from', json(was), 'to', json(is_now)))
        FROM (
            SELECT 'name' AS field, json_quote(OLD.name) AS was, json_quote(NEW.name) AS is_now
            UNION ALL SELECT 'technical_name', json_quote(OLD.technical_name), json_quote(NEW.technical_name)
            UNION ALL SELECT 'user', json_quote(OLD.user_id), json_quote(NEW.user_id)
            UNION ALL SELECT 'networks', json(OLD.networks), json(NEW.networks)
            UNION ALL SELECT 'metadata', json(OLD.metadata), json(NEW.metadata)
            UNION ALL SELECT 'expires_at', json_quote(OLD.expires_at), json_quote(NEW.expires_at)
            UNION ALL SELECT 'active', iif(OLD.active, 'true', 'false'), iif(NEW.active, 'true', 'false'))
        WHERE was <> is_now);
END;
-- While all is there that will be gone with the key.
CREATE TRIGGER api_key_trail_deleted BEFORE DELETE ON api_key BEGIN
    INSERT INTO api_key_to_record (key_id, action, changed) SELECT OLD.id, 'deleted', (
        SELECT json_group_object(field, json(change)) FROM (
            SELECT field, json_object('from', json(was), 'to', NULL) AS change
            FROM (
                SELECT 'technical_name' AS field, json_quote(OLD.technical_name) AS was, 'null' AS usual
                UNION ALL SELECT 'user', json_quote(OLD.user_id), 'null'
                UNION ALL SELECT 'networks', json(OLD.networks), '[]'
                UNION ALL SELECT 'metadata', json(OLD.metadata), '{}'
                UNION ALL SELECT 'expires_at', json_quote(OLD.expires_at), 'null'
                UNION ALL SELECT 'active', iif(OLD.active, 'true', 'false'), 'true')
            WHERE was <> usual
            UNION ALL
            SELECT 'groups', json_object('removed', json_group_array(g.code))
            FROM api_key_group_member m JOIN api_key_group g ON g.id = m.group_id
            WHERE m.key_id = OLD.id GROUP BY m.key_id));
END;

CREATE TRIGGER api_key_trail_secret_inserted AFTER INSERT ON api_key_secret BEGIN
    INSERT INTO api_key_to_record (key_id, action, field, list, value) VALUES (NEW.key_id, 'rotated',
        'texts', 'added', json_quote(coalesce(NEW.prefix || '_...', '') || NEW.hint));
END;
CREATE TRIGGER api_key_trail_secret_updated AFTER UPDATE ON api_key_secret BEGIN
    INSERT INTO api_key_to_record (key_id, action, field, list, value)
        SELECT NEW.key_id, 'updated', 'texts', 'ending', json_object(
            'text', coalesce(NEW.prefix || '_...', '') || NEW.hint, 'at', NEW.valid_until)
        WHERE (OLD.key_id, OLD.digest) = (NEW.key_id, NEW.digest) AND OLD.valid_until IS NOT NEW.valid_until;
    INSERT INTO api_key_to_record (key_id, action, field, list, value)
        SELECT OLD.key_id, 'updated', 'texts', 'removed',
            json_quote(coalesce(OLD.prefix || '_...', '') || OLD.hint)
        WHERE (OLD.key_id, OLD.digest) <> (NEW.key_id, NEW.digest);
    INSERT INTO api_key_to_record (key_id, action, field, list, value)
        SELECT NEW.key_id, 'rotated', 'texts', 'added',
            json_quote(coalesce(NEW.prefix || '_...', '') || NEW.hint)
        WHERE (OLD.key_id, OLD.digest) <> (NEW.key_id, NEW.digest);
END;
-- What goes with a key or a group is in its event.
CREATE TRIGGER api_key_trail_secret_deleted AFTER DELETE ON api_key_secret
WHEN EXISTS (SELECT 1 FROM api_key WHERE id = OLD.key_id) BEGIN
    INSERT INTO api_key_to_record (key_id, action, field, list, value) VALUES (OLD.key_id, 'updated',
        'texts', 'removed', json_quote(coalesce(OLD.prefix || '_...', '') || OLD.hint));
END;

CREATE TRIGGER api_key_trail_member_inserted AFTER INSERT ON api_key_group_member BEGIN
    INSERT INTO api_key_to_record (key_id, action, field, list, value)
        SELECT NEW.key_id, 'updated', 'groups', 'added', json_quote(code) FROM api_key_group
        WHERE id = NEW.group_id;
END;
CREATE TRIGGER api_key_trail_member_updated AFTER UPDATE ON api_key_group_member
WHEN (OLD.key_id, OLD.group_id) <> (NEW.key_id, NEW.group_id) BEGIN
    INSERT INTO api_key_to_record (key_id, action, field, list, value)
        SELECT OLD.key_id, 'updated', 'groups', 'removed', json_quote(code) FROM api_key_group
        WHERE id = OLD.group_id;
    INSERT INTO api_key_to_record (key_id, action, field, list, value)
        SELECT NEW.key_id, 'updated', 'groups', 'added', json_quote(code) FROM api_key_group
        WHERE id = NEW.group_id;
END;
CREATE TRIGGER api_key_trail_member_deleted AFTER DELETE ON api_key_group_member
WHEN EXISTS (SELECT 1 FROM api_key WHERE id = OLD.key_id) BEGIN
    INSERT INTO api_key_to_record (key_id, action, field, list, value)
        SELECT OLD.key_id, 'updated', 'groups', 'removed', json_quote(code) FROM api_key_group
        WHERE id = OLD.group_id;
END;

CREATE TRIGGER api_key_trail_group_inserted AFTER INSERT ON api_key_group BEGIN
    INSERT INTO api_key_to_record (action, group_code, changed) VALUES ('group created', NEW.code,
        iif(NEW.name = '', '{}', json_object('name', json_object('from', '', 'to', NEW.name))));
END;
CREATE TRIGGER api_key_trail_group_updated AFTER UPDATE ON api_key_group
WHEN (OLD.code, OLD.name) <> (NEW.code, NEW.name) BEGIN
    INSERT INTO api_key_to_record (action, group_code, changed) SELECT 'group updated', NEW.code, (
        SELECT json_group_object(field, json_object('from', was, 'to', is_now))
        FROM (
            SELECT 'code' AS field, OLD.code AS was, NEW.code AS is_now
            UNION ALL SELECT 'name', OLD.name, NEW.name) WHERE was <> is_now);
END;
-- While its code is known, the keys leave a group that is deleted.
CREATE TRIGGER api_key_trail_group_deleted BEFORE DELETE ON api_key_group BEGIN
    DELETE FROM api_key_group_member WHERE group_id = OLD.id;
    INSERT INTO api_key_to_record (action, group_code, changed) VALUES ('group deleted', OLD.code,
        iif(OLD.name = '', '{}', json_object('name', json_object('from', OLD.name, 'to', ''))));
END;

-- A user is made with the first key, whose event has the id. Who is inserted and has keys was replaced.
CREATE TRIGGER api_key_trail_user_inserted AFTER INSERT ON api_key_user
WHEN NOT NEW.active OR EXISTS (SELECT 1 FROM api_key WHERE user_id = NEW.id) BEGIN
    INSERT INTO api_key_to_record (action, user_id)
        VALUES (iif(NEW.active, 'user unarchived', 'user archived'), NEW.id);
END;
CREATE TRIGGER api_key_trail_user_updated AFTER UPDATE ON api_key_user
WHEN (OLD.id, OLD.active) <> (NEW.id, NEW.active) BEGIN
    INSERT INTO api_key_to_record (action, user_id) SELECT 'user deleted', OLD.id WHERE OLD.id <> NEW.id;
    INSERT INTO api_key_to_record (action, user_id)
        SELECT iif(NEW.active, 'user unarchived', 'user archived'), NEW.id WHERE OLD.active <> NEW.active;
END;
CREATE TRIGGER api_key_trail_user_deleted AFTER DELETE ON api_key_user BEGIN
    INSERT INTO api_key_to_record (action, user_id) VALUES ('user deleted', OLD.id);
END;

INSERT INTO api_key_schema VALUES (3, 2);
