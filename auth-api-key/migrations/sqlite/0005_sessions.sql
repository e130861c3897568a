-- Who is signed in to the pages for operators, and how often somebody was refused. Times are milliseconds
-- since 1970.

-- A session: the digest of the token that the browser has, the key that it was begun with, and the digests of
-- the text of that key.
CREATE TABLE api_key_session (
    token    BLOB PRIMARY KEY,
    key_id   INTEGER NOT NULL,
    digests  BLOB NOT NULL,
    begun_at INTEGER NOT NULL,
    used_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX api_key_session_by_key ON api_key_session (key_id, begun_at);

-- The groups whose keys have signed in to any pages: those who manage keys on other pages must not give them.
CREATE TABLE api_key_operator_group (
    code TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- What is inserted here becomes an event of the trail: how many sign-ins were refused, and from where.
CREATE VIEW api_key_refused_sign_in AS SELECT '{}' AS changed WHERE false;
CREATE TRIGGER api_key_trail_sign_in_refused INSTEAD OF INSERT ON api_key_refused_sign_in BEGIN
    INSERT INTO api_key_event (action, changed) VALUES ('sign-in refused', NEW.changed);
END;

-- What is looked for in the trail beside a key or an actor.
CREATE INDEX api_key_event_by_action ON api_key_event (action, -id);

INSERT INTO api_key_schema VALUES (5, 2);
