-- What lists are read from, a page at a time: indexes in their orders, and a row of `api_key_use` for
-- every key, also for one that was never used.

-- Times as before; 0 for a key that was never used.
INSERT INTO api_key_use (key_id, used_at)
    SELECT id, 0 FROM api_key WHERE id NOT IN (SELECT key_id FROM api_key_use);
CREATE INDEX api_key_use_by_time ON api_key_use (used_at, key_id);

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
CREATE INDEX api_key_by_expiry ON api_key (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX api_key_archived ON api_key (id) WHERE NOT active;
CREATE INDEX api_key_user_archived ON api_key_user (id) WHERE NOT active;
