//! Triggers that somebody has dropped or disabled: `migrate` makes them again, and what they keep right.

use auth_api_key::{NewKey, key::KeyFilter, store::KeyStore as _};
use tests::{cluster::Shared, listed, over_each_database};

over_each_database! {
    each_trigger_that_was_off_is_made_again_and_lists_are_right
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
            let found = listed(&auth, &KeyFilter::new().text(text)).await;
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
