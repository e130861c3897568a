-- Who is signed in to the pages for operators: the digest of the token that their browser has, and those of
-- the text of the key that they signed in with. Times are milliseconds since 1970.
CREATE TABLE api_key_session (
    token    bytea PRIMARY KEY,
    digests  bytea NOT NULL,
    begun_at bigint NOT NULL,
    used_at  bigint NOT NULL
);

INSERT INTO api_key_schema VALUES (5, 2);
