-- Odoo 16.0 with auth_api_key and auth_api_key_server_env, installed when there was a key already:
-- the tables as Odoo makes them, with the columns and rows that the tests use.

CREATE TABLE res_users (
    id integer PRIMARY KEY,
    company_id integer NOT NULL,
    active boolean DEFAULT true,
    login character varying NOT NULL UNIQUE
);
CREATE TABLE auth_api_key (
    id integer PRIMARY KEY,
    user_id integer NOT NULL REFERENCES res_users (id) ON DELETE RESTRICT,
    name character varying NOT NULL CONSTRAINT auth_api_key_name_uniq UNIQUE,
    key character varying,
    create_date timestamp without time zone,
    write_date timestamp without time zone,
    tech_name character varying CONSTRAINT auth_api_key_tech_name_uniq UNIQUE,
    server_env_defaults text
);

INSERT INTO res_users (id, company_id, active, login) VALUES (6, 1, true, 'api_user');
INSERT INTO auth_api_key (id, user_id, name, key, tech_name, server_env_defaults) VALUES
    (1, 6, 'Server Env Key', NULL, 'server_env_key', '{"key_env_default": "db-key-1"}'),
    (2, 6, 'Plain Key', NULL, 'plain_key', '{"key_env_default": "db-key-2"}'),
    (3, 6, 'env empty', NULL, 'env_empty', '{"key_env_default": "db-key-3"}'),
    (6, 6, 'env other', NULL, 'env_other', '{"other_env_default": "x"}'),
    (8, 6, 'nokey', NULL, 'nokey', NULL),
    (9, 6, 'from before', 'old-key', NULL, NULL),
    (10, 6, 'broken', NULL, 'broken', '{"key_env_default": "bro');
