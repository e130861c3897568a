-- What the search of a list finds keys by: a text of three characters or more anywhere in names and hints, a
-- shorter one at their beginnings. Letters of ASCII are found in either case.

-- What is before the `_` and the last characters of a key's newest text, so that a list which is read on has
-- in its index all that it compares.
ALTER TABLE api_key_listed ADD COLUMN hint TEXT NOT NULL DEFAULT '';
DROP VIEW api_key_to_list;
CREATE VIEW api_key_to_list AS
    SELECT l.key_id, l.list, NOT (k.active AND u.active) AS archived, k.name, k.expires_at,
           coalesce(w.used_at, 0) AS used_at,
           coalesce((SELECT lower(coalesce(prefix || '_', '') || hint) FROM api_key_secret
                     WHERE key_id = l.key_id ORDER BY id DESC LIMIT 1), '') AS hint
    FROM (SELECT id AS key_id, 'a' AS list FROM api_key
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
UPDATE api_key_listed SET hint = coalesce((
    SELECT lower(coalesce(prefix || '_', '') || hint) FROM api_key_secret
    WHERE key_id = api_key_listed.key_id ORDER BY id DESC LIMIT 1), '');
CREATE INDEX api_key_listed_by_name
    ON api_key_listed (list, archived, name, expires_at, used_at, hint);
CREATE INDEX api_key_listed_by_use
    ON api_key_listed (list, archived, used_at, key_id, expires_at, name, hint);

-- `REPLACE` fires no trigger for the text that it drops; but its key was written down as changed.
CREATE TRIGGER api_key_listed_secret_inserted AFTER INSERT ON api_key_secret BEGIN
    UPDATE api_key_listed SET hint = coalesce((
        SELECT lower(coalesce(prefix || '_', '') || hint) FROM api_key_secret
        WHERE key_id = api_key_listed.key_id ORDER BY id DESC LIMIT 1), '')
    WHERE key_id IN (SELECT NEW.key_id UNION SELECT key_id FROM api_key_change
        WHERE generation >= (SELECT value FROM api_key_generation));
END;
CREATE TRIGGER api_key_listed_secret_updated
AFTER UPDATE OF id, key_id, digest, prefix, hint ON api_key_secret BEGIN
    UPDATE api_key_listed SET hint = coalesce((
        SELECT lower(coalesce(prefix || '_', '') || hint) FROM api_key_secret
        WHERE key_id = api_key_listed.key_id ORDER BY id DESC LIMIT 1), '')
    WHERE key_id IN (SELECT OLD.key_id UNION SELECT NEW.key_id UNION SELECT key_id FROM api_key_change
        WHERE generation >= (SELECT value FROM api_key_generation));
END;
CREATE TRIGGER api_key_listed_secret_deleted AFTER DELETE ON api_key_secret BEGIN
    UPDATE api_key_listed SET hint = coalesce((
        SELECT lower(coalesce(prefix || '_', '') || hint) FROM api_key_secret
        WHERE key_id = api_key_listed.key_id ORDER BY id DESC LIMIT 1), '')
    WHERE key_id = OLD.key_id;
END;

-- Finds three characters or more. Triggers keep it as the list of all keys has them; where they were off, delete
-- all rows of `api_key_listed` and insert those of the view.
CREATE VIRTUAL TABLE api_key_search USING fts5 (name, hint, tokenize = 'trigram case_sensitive 1');
INSERT INTO api_key_search (rowid, name, hint)
    SELECT key_id, lower(name), hint FROM api_key_listed WHERE list = 'a';
-- Most changes of a key list it anew with the name and the hint that it had.
CREATE TRIGGER api_key_listed_search_inserted AFTER INSERT ON api_key_listed
WHEN NEW.list = 'a' AND NOT EXISTS (SELECT 1 FROM api_key_search
    WHERE rowid = NEW.key_id AND name = lower(NEW.name) AND hint = NEW.hint) BEGIN
    DELETE FROM api_key_search WHERE rowid = NEW.key_id;
    INSERT INTO api_key_search (rowid, name, hint) VALUES (NEW.key_id, lower(NEW.name), NEW.hint);
END;
CREATE TRIGGER api_key_listed_search_updated AFTER UPDATE OF hint ON api_key_listed
WHEN NEW.list = 'a' AND NEW.hint <> OLD.hint BEGIN
    DELETE FROM api_key_search WHERE rowid = NEW.key_id;
    INSERT INTO api_key_search (rowid, name, hint) VALUES (NEW.key_id, lower(NEW.name), NEW.hint);
END;
CREATE TRIGGER api_key_listed_search_deleted AFTER DELETE ON api_key_listed
WHEN OLD.list = 'a' AND NOT EXISTS (SELECT 1 FROM api_key WHERE id = OLD.key_id) BEGIN
    DELETE FROM api_key_search WHERE rowid = OLD.key_id;
END;

-- By the first character, and by the first two. Of all texts of a key: what only an older one has is passed over.
CREATE INDEX api_key_by_beginning ON api_key
    (substr(lower(name COLLATE BINARY), 1, 1), substr(lower(name COLLATE BINARY), 1, 2));
CREATE INDEX api_key_secret_by_beginning ON api_key_secret (
    substr(lower((coalesce(prefix || '_', '') || hint) COLLATE BINARY), 1, 1),
    substr(lower((coalesce(prefix || '_', '') || hint) COLLATE BINARY), 1, 2));

INSERT INTO api_key_schema VALUES (4, 2);
