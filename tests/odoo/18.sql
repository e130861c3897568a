-- Odoo 18.0 with auth_api_key, and without groups: the tables as Odoo makes them, with the columns
-- and rows that the tests use.

CREATE TABLE res_company (
    id integer PRIMARY KEY,
    name character varying NOT NULL,
    archived_user_disable_auth_api_key boolean,
    write_date timestamp without time zone
);
CREATE TABLE res_users (
    id integer PRIMARY KEY,
    company_id integer NOT NULL REFERENCES res_company (id) ON DELETE RESTRICT,
    active boolean DEFAULT true,
    login character varying NOT NULL UNIQUE,
    write_date timestamp without time zone
);
CREATE TABLE auth_api_key (
    id integer PRIMARY KEY,
    user_id integer NOT NULL REFERENCES res_users (id) ON DELETE RESTRICT,
    name character varying NOT NULL CONSTRAINT auth_api_key_name_uniq UNIQUE,
    key character varying NOT NULL,
    active boolean,
    create_date timestamp without time zone,
    write_date timestamp without time zone
);

INSERT INTO res_company (id, name) VALUES (1, 'My Company'), (2, 'Other Company');
INSERT INTO res_users (id, company_id, active, login) VALUES
    (6, 1, true, 'api_user'),
    (8, 1, true, 'api_archived'),
    (9, 2, true, 'u2');
INSERT INTO auth_api_key (id, user_id, name, key, active) VALUES
    (1, 6, 'good', 'good-key-0123456789abcdef', true),
    (4, 6, 'archived', 'archived-key', false),
    (5, 6, 'never said', 'null-key', NULL),
    (26, 8, 'act', 'act-key', true),
    (27, 9, 'c2 key', 'c2-key', true);
