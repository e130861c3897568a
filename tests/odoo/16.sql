-- Odoo 16.0 with auth_api_key and auth_api_key_group: the tables as Odoo makes them, with the
-- columns and rows that the tests use.

CREATE TABLE res_users (
    id integer PRIMARY KEY,
    company_id integer NOT NULL,
    active boolean DEFAULT true,
    login character varying NOT NULL UNIQUE,
    password character varying,
    write_date timestamp without time zone
);
CREATE TABLE auth_api_key (
    id integer PRIMARY KEY,
    user_id integer NOT NULL REFERENCES res_users (id) ON DELETE RESTRICT,
    name character varying NOT NULL CONSTRAINT auth_api_key_name_uniq UNIQUE,
    key character varying NOT NULL,
    create_date timestamp without time zone,
    write_date timestamp without time zone
);
CREATE TABLE auth_api_key_group (
    id integer PRIMARY KEY,
    name character varying NOT NULL,
    code character varying NOT NULL,
    write_date timestamp without time zone
);
CREATE TABLE auth_api_key_group_rel (
    key_id integer NOT NULL REFERENCES auth_api_key (id) ON DELETE CASCADE,
    group_id integer NOT NULL REFERENCES auth_api_key_group (id) ON DELETE CASCADE,
    PRIMARY KEY (key_id, group_id)
);

INSERT INTO res_users (id, company_id, active, login) VALUES
    (1, 1, false, '__system__'),
    (2, 1, true, 'admin'),
    (6, 1, true, 'api_user'),
    (7, 1, true, 'api_portal'),
    (8, 1, false, 'api_archived');
INSERT INTO auth_api_key (id, user_id, name, key, create_date) VALUES
    (1, 6, 'good', 'good-key-0123456789abcdef', '2026-11-22 22:43:20.586537'),
    (2, 2, 'admin key', 'admin-key-XYZ', '2026-11-22 22:43:20.979088'),
    (3, 7, 'portal', 'portal-key', '2026-11-22 22:43:21.354393'),
    (4, 8, 'archived user key', 'archived-user-key', '2026-11-22 22:43:21.60629'),
    (5, 6, 'dup_a', 'dup-key', '2026-11-22 22:43:21.8'),
    (6, 7, 'dup_b', 'dup-key', '2026-11-22 22:43:22.077524'),
    (7, 6, 'inner space', 'key with inner space', '2026-11-22 22:43:22.315139'),
    (8, 6, 'leading space', '  lead-trail  ', '2026-11-22 22:43:22.553137'),
    (9, 6, 'long', repeat('L', 8000), '2026-11-22 22:43:22.8'),
    (11, 1, 'superuser key', 'su-key', '2026-11-22 22:43:23.260933'),
    (20, 6, 'unicode', 'clé-ключ', '2026-11-22 22:43:43'),
    (21, 6, 'empty', '', NULL),
    (22, 6, 'after unicode', 'after-unicode-key', '2026-11-22 22:43:44.217342'),
    (23, 6, 'newline', E'nl-key\n', '2026-11-22 22:43:44.952901');
INSERT INTO auth_api_key_group (id, name, code) VALUES
    (1, 'Group 1', 'g1'),
    (2, 'Group 1 again', 'g1'),
    (3, 'Nobody', 'g2');
INSERT INTO auth_api_key_group_rel (key_id, group_id) VALUES (1, 1), (1, 2);
