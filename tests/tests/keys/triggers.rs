//! Triggers that somebody has dropped, disabled or replaced: `migrate` makes them again, and what they keep right.
//! Meanwhile no change is made that would leave no event.

use auth_api_key::{
    Authenticator, Error, NewKey, Reason,
    error::{OpenError, StateError},
    key::{KeyFilter, TrailFilter},
    store::{KeyStore as _, copy},
};
use tests::{Log, chain, cluster::Shared, listed, over_each_database, until_decided};

over_each_database! {
    each_trigger_that_was_off_is_made_again_and_lists_are_right
    each_definition_that_was_replaced_is_made_again
    change_that_would_leave_no_event_is_not_made
    node_says_that_a_change_by_hand_may_leave_no_event
    node_trusts_no_announcement_that_was_replaced
}

/// In how many turns triggers are turned off.
const TURNS: usize = 8;

/// Changes of all that lists and searches show.
fn changes(shared: &Shared) -> String {
    let digest = match shared {
        Shared::File(_) => "randomblob(32)",
        Shared::Server(_) => "sha256(gen_random_uuid()::text::bytea)",
    };
    format!(
        "INSERT INTO api_key_user (id) VALUES ('new user');
         INSERT INTO api_key (name, user_id) VALUES ('inserted', 'new user');
         INSERT INTO api_key_secret (key_id, digest, pepper_version, prefix, hint)
             SELECT k.id, {digest}, max(version), 'late', 'x7Qk' FROM api_key k, api_key_pepper
             WHERE name IN ('inserted', 'rotated') GROUP BY k.id;
         INSERT INTO api_key_group_member (group_id, key_id)
             SELECT g.id, k.id FROM api_key_group g, api_key k WHERE code = 'erp' AND k.name = 'inserted';
         UPDATE api_key SET name = 'renamed', expires_at = 1 WHERE name = 'named';
         UPDATE api_key_user SET active = FALSE WHERE id = 'archived user';
         UPDATE api_key_secret SET hint = 'y8Rl'
             WHERE key_id = (SELECT id FROM api_key WHERE name = 'hinted');
         DELETE FROM api_key_secret WHERE key_id = (SELECT id FROM api_key WHERE name = 'without text');
         UPDATE api_key_group_member SET group_id = (SELECT id FROM api_key_group WHERE code = 'erp')
             WHERE key_id = (SELECT id FROM api_key WHERE name = 'moved');
         DELETE FROM api_key_group_member WHERE key_id = (SELECT id FROM api_key WHERE name = 'removed');
         UPDATE api_key_use SET used_at = 1000 WHERE key_id = (SELECT id FROM api_key WHERE name = 'used');
         DELETE FROM api_key_use WHERE key_id = (SELECT id FROM api_key WHERE name = 'hinted');
         DELETE FROM api_key WHERE name = 'deleted'"
    )
}

/// How many rows of lists and searches are not as they must be.
async fn wrong(shared: &Shared) -> String {
    let searched = match shared {
        Shared::File(_) => {
            "+ (SELECT count(*) FROM (SELECT rowid, name, hint FROM api_key_search
                   EXCEPT SELECT key_id, lower(name), hint FROM api_key_to_list WHERE list = 'a'))
             + (SELECT count(*) FROM (SELECT key_id, lower(name), hint FROM api_key_to_list WHERE list = 'a'
                   EXCEPT SELECT rowid, name, hint FROM api_key_search))"
        }
        Shared::Server(_) => "",
    };
    let wrong = format!(
        "SELECT CAST(
             (SELECT count(*) FROM (SELECT * FROM api_key_listed EXCEPT SELECT * FROM api_key_to_list) AS a)
             + (SELECT count(*) FROM (SELECT * FROM api_key_to_list EXCEPT SELECT * FROM api_key_listed) AS b)
             + (SELECT count(*) FROM api_key WHERE id NOT IN (SELECT key_id FROM api_key_use))
             {searched} AS text)"
    );
    shared.texts(&wrong).await.remove(0)
}

async fn each_trigger_that_was_off_is_made_again_and_lists_are_right(shared: Shared) {
    let (auth, store) = shared.node().await;
    let triggers = match &shared {
        Shared::File(_) => "SELECT name FROM sqlite_schema WHERE type = 'trigger' ORDER BY name",
        Shared::Server(_) => {
            "SELECT tgname || ' ON ' || relname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid
             WHERE relnamespace = current_schema()::regnamespace AND NOT tgisinternal
             AND CAST(tgfoid::regproc AS text) NOT LIKE 'api_key_announce%'
             ORDER BY tgname::text COLLATE \"C\", relname::text COLLATE \"C\""
        }
    };
    let triggers = shared.texts(triggers).await;
    assert!(triggers.len() > 30, "{triggers:?}");
    let mut led_to_wrong_rows = 0;
    for some in 0..TURNS {
        let off: Vec<String> = triggers.iter().skip(some).step_by(TURNS).cloned().collect();
        let mut keys = Vec::new();
        for name in [
            "rotated",
            "named",
            "hinted",
            "without text",
            "moved",
            "removed",
            "used",
            "deleted",
        ] {
            keys.push(NewKey::new(name, "user").groups(["shop"]));
        }
        keys.push(NewKey::new("of user", "archived user"));
        auth.keys().create_all(keys).await.unwrap();
        auth.groups().put("erp", "").await.unwrap();

        let turned_off =
            off.iter()
                .enumerate()
                .map(|(index, trigger)| match trigger.split_once(" ON ") {
                    // PostgreSQL disables no trigger of a view.
                    Some((name, table)) if index % 2 > 0 && table != "api_key_refused_sign_in" => {
                        format!("ALTER TABLE {table} DISABLE TRIGGER {name}")
                    }
                    _ => format!("DROP TRIGGER {trigger}"),
                });
        let turned_off: Vec<_> = turned_off.collect();
        shared.execute(&turned_off.join("; ")).await;
        shared.execute(&changes(&shared)).await;
        led_to_wrong_rows += usize::from(wrong(&shared).await != "0");

        assert_eq!(store.repair().await.unwrap(), off);
        assert_eq!(wrong(&shared).await, "0", "{off:?}");
        assert_eq!(store.repair().await.unwrap(), [""; 0], "{off:?}");
        for (text, number) in [("renam", 1), ("late_x7q", 2), ("y8rl", 1), ("delet", 0)] {
            let found = listed(&auth, &KeyFilter::new().search(text)).await;
            assert_eq!(found.len(), number, "{text:?} after {off:?}");
        }
        let of_group = listed(&auth, &KeyFilter::new().group("erp")).await;
        assert_eq!(of_group.len(), 2, "{off:?}");

        // What they keep from now on is right, too.
        shared
            .execute("DELETE FROM api_key; DELETE FROM api_key_group; DELETE FROM api_key_user")
            .await;
        assert_eq!(wrong(&shared).await, "0", "{off:?}");
    }
    assert!(led_to_wrong_rows > 3, "{led_to_wrong_rows}");
}

/// All triggers and functions, and who may call these.
async fn definitions(shared: &Shared) -> Vec<String> {
    let all = match shared {
        Shared::File(_) => "SELECT sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name",
        Shared::Server(_) => {
            "SELECT concat(pg_get_triggerdef(t.oid), tgenabled) AS made FROM pg_trigger t
                 JOIN pg_class c ON c.oid = tgrelid
                 WHERE relnamespace = current_schema()::regnamespace AND NOT tgisinternal
             UNION ALL SELECT concat(pg_get_functiondef(oid), proacl) FROM pg_proc
                 WHERE pronamespace = current_schema()::regnamespace AND prokind = 'f'
             UNION ALL SELECT concat(aggfnoid, aggtransfn, agginitval) FROM pg_aggregate
                 JOIN pg_proc p ON p.oid = aggfnoid WHERE pronamespace = current_schema()::regnamespace
             ORDER BY made"
        }
    };
    shared.texts(all).await
}

async fn each_definition_that_was_replaced_is_made_again(shared: Shared) {
    let (_, store) = shared.node().await;
    let made = definitions(&shared).await;
    assert!(made.len() > 40, "{made:?}");
    let replaced = match &shared {
        Shared::File(_) => {
            let triggers = "SELECT 'DROP TRIGGER ' || name || ';' ||
                                substr(sql, 1, instr(sql, 'BEGIN') - 1) || 'BEGIN SELECT 1; END'
                            FROM sqlite_schema WHERE type = 'trigger'";
            vec![shared.texts(triggers).await.join(";")]
        }
        Shared::Server(_) => vec![
            "DO $do$ DECLARE again text; BEGIN
                 FOR again IN
                     SELECT format('DROP TRIGGER %I ON %s; ', tgname, tgrelid::regclass) ||
                            regexp_replace(pg_get_triggerdef(t.oid), '[(][)]$|[(]''.*$', '(''SELECT 1'')')
                         FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
                         WHERE relnamespace = current_schema()::regnamespace AND NOT tgisinternal
                     UNION ALL
                     SELECT replace(pg_get_functiondef(oid), prosrc, prosrc || E'\n-- replaced\n')
                         FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND prokind = 'f'
                 LOOP EXECUTE again; END LOOP;
             END $do$"
                .to_owned(),
            "DROP FUNCTION api_key_record() CASCADE; DROP FUNCTION api_key_merged(jsonb, jsonb) CASCADE"
                .to_owned(),
        ],
    };
    for replaced in replaced {
        shared.execute(&replaced).await;
        assert_ne!(definitions(&shared).await, made);
        assert!(!store.repair().await.unwrap().is_empty());
        assert_eq!(definitions(&shared).await, made);
        assert_eq!(store.repair().await.unwrap(), [""; 0]);
    }
}

async fn change_that_would_leave_no_event_is_not_made(shared: Shared) {
    let (auth, store) = shared.node().await;
    let keys = auth.keys();
    keys.create(NewKey::new("a", "user")).await.unwrap();
    let events = async || {
        let all = TrailFilter::new();
        let trail = auth.maintenance().trail(&all).await;
        trail.unwrap().items.len()
    };
    let changed: &[(&str, &str)] = match &shared {
        Shared::File(_) => &[
            ("api_key_trail_updated", "DROP TRIGGER api_key_trail_updated"),
            (
                "api_key_trail_recorded",
                "DROP TRIGGER api_key_trail_recorded; CREATE TRIGGER api_key_trail_recorded
                 INSTEAD OF INSERT ON api_key_to_record BEGIN SELECT 1; END",
            ),
        ],
        Shared::Server(_) => &[
            ("trail_updated ON api_key", "DROP TRIGGER trail_updated ON api_key"),
            ("trail_updated ON api_key", "ALTER TABLE api_key DISABLE TRIGGER trail_updated"),
            ("trail_updated ON api_key", "ALTER TABLE api_key DISABLE TRIGGER USER"),
            (
                "trail_updated ON api_key",
                "DROP TRIGGER trail_updated ON api_key; CREATE TRIGGER trail_updated AFTER UPDATE ON api_key
                 FOR EACH STATEMENT WHEN (false) EXECUTE FUNCTION api_key_record('')",
            ),
            (
                "api_key_record()",
                "CREATE OR REPLACE FUNCTION api_key_record() RETURNS trigger LANGUAGE plpgsql
                 AS 'BEGIN RETURN NULL; END'",
            ),
            (
                "api_key_is_copied()",
                "CREATE OR REPLACE FUNCTION api_key_is_copied() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
            ),
        ],
    };
    for (name, change) in changed {
        shared.execute(change).await;
        let before = events().await;
        let refused = [
            keys.archive("a").await.map(drop),
            keys.create(NewKey::new("b", "user")).await.map(drop),
            auth.groups().put("shop", "").await,
            auth.users().archive("user").await.map(drop),
        ];
        for refused in refused {
            let error = refused.unwrap_err();
            let said = error.to_string();
            assert!(
                said.contains(&format!("`{name}`")) || change.ends_with("USER"),
                "{said}"
            );
            assert!(said.contains("`auth-api-key migrate`"), "{said}");
            let is_of_trail = matches!(error, Error::State(StateError::TrailChanged { .. }));
            assert!(is_of_trail, "{said}");
        }
        let elsewhere = Shared::file();
        let moved = copy(&shared.url(), &elsewhere.url(), Some("mover"), |_| {}).await;
        let said = chain(&moved.unwrap_err());
        assert!(said.contains("`auth-api-key migrate`"), "{said}");
        assert!(keys.get("a").await.unwrap().unwrap().active);
        assert_eq!(events().await, before, "{change}");
        store.repair().await.unwrap();
        keys.archive("a").await.unwrap();
        keys.unarchive("a").await.unwrap();
        assert_eq!(events().await, before + 2, "{change}");
    }
}

async fn node_says_that_a_change_by_hand_may_leave_no_event(shared: Shared) {
    let log = Log::of_process();
    let (_running, _) = shared.node().await;
    let (off, said) = match &shared {
        Shared::File(_) => (
            "DROP TRIGGER api_key_trail_user_deleted",
            "`api_key_trail_user_deleted` is missing or replaced, so the trail may miss changes",
        ),
        Shared::Server(_) => (
            "ALTER TABLE api_key_user DISABLE TRIGGER trail_deleted",
            "`trail_deleted ON api_key_user` is missing, disabled or replaced, so the trail may miss changes",
        ),
    };
    shared.execute(off).await;
    log.until(said).await;
}

async fn node_trusts_no_announcement_that_was_replaced(shared: Shared) {
    let (running, store) = shared.node().await;
    let key = NewKey::new("a", "user").text("a");
    running.keys().create(key).await.unwrap();
    until_decided(&running, "a", Ok(())).await;
    let (replaced, name) = match &shared {
        Shared::File(_) => (
            "DROP TRIGGER api_key_updated;
             CREATE TRIGGER api_key_updated AFTER UPDATE ON api_key BEGIN SELECT 1; END",
            "api_key_updated",
        ),
        Shared::Server(_) => (
            "CREATE OR REPLACE FUNCTION api_key_move(keys text) RETURNS void LANGUAGE sql AS ''",
            "api_key_move(keys text)",
        ),
    };
    shared.execute(replaced).await;
    shared.execute("UPDATE api_key SET active = FALSE").await;
    until_decided(&running, "a", Err(Reason::ArchivedKey)).await;
    let error = Authenticator::connect(&shared.url()).await.unwrap_err();
    let is_named =
        matches!(&error, Error::Open(OpenError::ChangedTrigger { trigger }) if trigger == name);
    assert!(is_named, "{error}");
    assert_eq!(store.repair().await.unwrap(), [name]);
    Authenticator::connect(&shared.url()).await.unwrap();
}
