-- Functions and triggers as the migrations have made them, so that one is noticed that somebody has dropped, disabled or
-- replaced under its own name: `migrate` makes it again, and no program changes anything without those of the trail.

-- Until the end of this transaction, as in the first migration.
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- Takes the place of `api_key_trigger`, which older programs go by. `of_table` is empty for a function. `made` is what
-- one is known by, whatever a version of PostgreSQL writes it as, and `again` makes it, in the order of `place`.
CREATE TABLE api_key_definition (
    of_table text COLLATE "C" NOT NULL,
    name     text COLLATE "C" NOT NULL,
    used_for text NOT NULL CHECK (used_for IN ('announcements', 'lists', 'trail')),
    made     text NOT NULL,
    again    text NOT NULL,
    place    integer NOT NULL,
    PRIMARY KEY (of_table, name)
);
GRANT SELECT ON api_key_definition TO PUBLIC;

-- All that there are now.
CREATE FUNCTION api_key_defined() RETURNS TABLE (of_table text, name text, number oid, function text, made text)
STABLE LANGUAGE sql SET search_path FROM CURRENT AS $$
    SELECT relname::text, tgname::text, t.oid, proname::text,
           format('%s %s %s %s %s %s %s %s', tgenabled, tgtype, md5(tgargs), tgoldtable, tgnewtable, tgqual IS NULL,
               tgattr, proname)
    FROM pg_proc p JOIN pg_trigger t ON tgfoid = p.oid JOIN pg_class c ON c.oid = tgrelid
    WHERE pronamespace = current_schema()::regnamespace AND proname LIKE 'api\_key\_%'
        AND relnamespace = pronamespace AND NOT tgisinternal
    UNION ALL
    SELECT '', format('%s(%s)', proname, pg_get_function_identity_arguments(p.oid)), p.oid, proname::text,
           format('%s %s %s %s', prosecdef, md5(prosrc), aggtransfn::regproc, agginitval)
    FROM pg_proc p LEFT JOIN pg_aggregate a ON a.aggfnoid = p.oid
    WHERE pronamespace = current_schema()::regnamespace AND proname LIKE 'api\_key\_%'
$$;

-- A migration that makes or replaces any calls this at its end.
CREATE FUNCTION api_key_define() RETURNS void LANGUAGE sql SET search_path FROM CURRENT AS $$
    DELETE FROM api_key_definition;
    INSERT INTO api_key_definition
    SELECT d.of_table, d.name,
           CASE WHEN function ~ '^api_key_(announce|move)' THEN 'announcements'
                WHEN function ~ '^api_key_(record|as_json|changes|merge|hint|is_copied)' THEN 'trail'
                ELSE 'lists' END,
           d.made,
           CASE WHEN aggfnoid IS NOT NULL
                THEN format('CREATE OR REPLACE AGGREGATE %s (SFUNC = %s, STYPE = %s, INITCOND = %L)',
                         aggfnoid::regprocedure, aggtransfn::regproc, aggtranstype::regtype, agginitval)
                WHEN d.of_table = ''
                THEN concat(pg_get_functiondef(number),
                         CASE WHEN NOT has_function_privilege('public', number, 'EXECUTE') THEN
                             format('; REVOKE ALL ON FUNCTION %s FROM PUBLIC', number::regprocedure) END)
                ELSE concat(
                    format('DROP TRIGGER IF EXISTS %I ON %I; ', d.name, d.of_table), pg_get_triggerdef(number, true),
                    CASE tgenabled WHEN 'A' THEN format('; ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', d.of_table, d.name)
                                   WHEN 'R' THEN format('; ALTER TABLE %I ENABLE REPLICA TRIGGER %I', d.of_table, d.name)
                    END)
           END,
           CASE WHEN d.of_table <> '' THEN 2 WHEN aggfnoid IS NOT NULL THEN 1 ELSE 0 END
    FROM api_key_defined() AS d
    LEFT JOIN pg_trigger t ON t.oid = number AND d.of_table <> ''
    LEFT JOIN pg_aggregate ON aggfnoid = number AND d.of_table = ''
$$;
SELECT api_key_define();

-- Whether a change was made by hand, which nodes say in their logs. A program says for its transaction that it makes
-- the change.
ALTER TABLE api_key_event ADD COLUMN by_hand boolean;
ALTER TABLE api_key_event ALTER COLUMN by_hand
    SET DEFAULT current_setting('auth_api_key.by_program', true) IS DISTINCT FROM 'on';
CREATE INDEX api_key_event_by_hand ON api_key_event (id) WHERE by_hand;

INSERT INTO api_key_schema VALUES (7, 2);
