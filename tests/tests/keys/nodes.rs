//! Several nodes over one database: a change on one takes effect on the others, however it was made; and
//! what a node does if it cannot hear of changes.

use std::time::{Duration, Instant, SystemTime};

use auth_api_key::{ApiKey, Authenticator, NewKey, Reason, store::News};
use futures_util::FutureExt;
use sqlx::postgres::PgListener;
use tests::{GatedStore, cluster::Shared, over_each_database, postgres::Database};

async fn verify(auth: &Authenticator, text: &str) -> Result<ApiKey, Reason> {
    auth.verify(text, &["shop"], None).await
}

/// Waits until a node decides as expected.
async fn until(auth: &Authenticator, text: &str, expected: Result<&str, Reason>) {
    let decide = async || verify(auth, text).await.map(|key| key.name.clone());
    tests::until(decide, expected.map(str::to_owned), "the change").await;
}

over_each_database! {
    revoked_key_is_refused_on_every_node
    key_created_on_one_node_is_known_on_all
    change_by_hand_takes_effect_like_any_other
    only_the_keys_concerned_are_looked_up_again
    change_of_many_keys_takes_effect
    last_use_does_not_change_the_cache
}

fn key(name: &str) -> NewKey {
    NewKey::new(name, "user").text(name).groups(["shop"])
}

/// A node that has looked up the keys `a` and `b`, and the node that made them before the first node
/// began, so that their creation was not announced to the first.
async fn node_that_knows_two_keys(shared: &Shared) -> ((Authenticator, GatedStore), Authenticator) {
    let (maker, _) = shared.node().await;
    for name in ["a", "b"] {
        maker.keys().create(key(name)).await.unwrap();
    }
    let node = shared.node().await;
    for name in ["a", "b"] {
        verify(&node.0, name).await.unwrap();
    }
    (node, maker)
}

/// The node decides about the key from memory, and has looked it up only once.
fn assert_in_memory((node, store): &(Authenticator, GatedStore), name: &str) {
    let answer = verify(node, name).now_or_never();
    assert_eq!(answer.expect("answered from memory").unwrap().name, name);
    assert_eq!(store.finds_of(name), 1);
}

async fn revoked_key_is_refused_on_every_node(shared: Shared) {
    let (here, _) = shared.node().await;
    let (there, _) = shared.node().await;
    here.keys().create(key("a")).await.unwrap();
    until(&there, "a", Ok("a")).await;
    verify(&here, "a").await.unwrap();
    here.keys().archive("a").await.unwrap();
    assert_eq!(verify(&here, "a").await, Err(Reason::ArchivedKey));
    until(&there, "a", Err(Reason::ArchivedKey)).await;
    // The other node unarchives the key.
    there.keys().unarchive("a").await.unwrap();
    until(&here, "a", Ok("a")).await;
    there.users().archive("user").await.unwrap();
    until(&here, "a", Err(Reason::ArchivedUser)).await;
}

async fn key_created_on_one_node_is_known_on_all(shared: Shared) {
    let (here, _) = shared.node().await;
    let (there, _) = shared.node().await;
    assert_eq!(verify(&there, "a").await, Err(Reason::UnknownKey));
    here.keys().create(key("a")).await.unwrap();
    until(&there, "a", Ok("a")).await;
}

async fn change_by_hand_takes_effect_like_any_other(shared: Shared) {
    let (node, _) = shared.node().await;
    node.keys().create(key("a")).await.unwrap();
    node.keys()
        .create(NewKey::new("b", "other").text("b"))
        .await
        .unwrap();
    for (change, expected) in [
        (
            "UPDATE api_key SET active = FALSE WHERE name = 'a'",
            Err(Reason::ArchivedKey),
        ),
        ("UPDATE api_key SET active = TRUE", Ok("a")),
        ("UPDATE api_key SET expires_at = 1", Err(Reason::ExpiredKey)),
        ("UPDATE api_key SET expires_at = NULL", Ok("a")),
        (
            "UPDATE api_key SET name = 'renamed' WHERE name = 'a'",
            Ok("renamed"),
        ),
        (
            "UPDATE api_key SET networks = '[\"10.0.0.0/8\"]'",
            Err(Reason::UnknownNetwork),
        ),
        ("UPDATE api_key SET networks = '[]'", Ok("renamed")),
        (
            "UPDATE api_key_user SET active = FALSE WHERE id = 'user'",
            Err(Reason::ArchivedUser),
        ),
        ("UPDATE api_key_user SET active = TRUE", Ok("renamed")),
        (
            "UPDATE api_key_secret SET valid_until = 1",
            Err(Reason::ExpiredKey),
        ),
        (
            "UPDATE api_key_secret SET valid_until = NULL",
            Ok("renamed"),
        ),
        (
            "UPDATE api_key_group SET code = 'erp'",
            Err(Reason::ForbiddenGroup),
        ),
        ("UPDATE api_key_group SET code = 'shop'", Ok("renamed")),
        (
            "DELETE FROM api_key_group_member",
            Err(Reason::ForbiddenGroup),
        ),
        (
            "INSERT INTO api_key_group_member (group_id, key_id)
          SELECT g.id, k.id FROM api_key_group g, api_key k WHERE k.name = 'renamed'",
            Ok("renamed"),
        ),
        (
            "UPDATE api_key_group_member SET key_id = (SELECT id FROM api_key WHERE name = 'b')",
            Err(Reason::ForbiddenGroup),
        ),
        (
            "UPDATE api_key_group_member SET key_id = (SELECT id FROM api_key WHERE name = 'renamed')",
            Ok("renamed"),
        ),
        ("DELETE FROM api_key_group", Err(Reason::ForbiddenGroup)),
        (
            "INSERT INTO api_key_group (code) VALUES ('shop');
          INSERT INTO api_key_group_member (group_id, key_id)
          SELECT g.id, k.id FROM api_key_group g, api_key k",
            Ok("renamed"),
        ),
        (
            "UPDATE api_key_secret SET key_id = (SELECT id FROM api_key WHERE name = 'b')
          WHERE key_id = (SELECT id FROM api_key WHERE name = 'renamed')",
            Ok("b"),
        ),
        (
            "DELETE FROM api_key WHERE name = 'b'",
            Err(Reason::UnknownKey),
        ),
    ] {
        shared.execute(change).await;
        until(&node, "a", expected).await;
    }
}

async fn only_the_keys_concerned_are_looked_up_again(shared: Shared) {
    let node = node_that_knows_two_keys(&shared).await.0;
    for (change, expected) in [
        ("active = FALSE", Err(Reason::ArchivedKey)),
        ("active = TRUE", Ok("a")),
    ] {
        let change = format!("UPDATE api_key SET {change} WHERE name = 'a'");
        shared.execute(&change).await;
        until(&node.0, "a", expected).await;
    }
    assert_in_memory(&node, "b");
}

async fn change_of_many_keys_takes_effect(shared: Shared) {
    let (node, _) = shared.node().await;
    let many = (0..1500).map(|n| key(&format!("key-{n}")));
    node.keys().create_all(many).await.unwrap();
    until(&node, "key-7", Ok("key-7")).await;
    until(&node, "key-1499", Ok("key-1499")).await;
    shared.execute("UPDATE api_key SET active = FALSE").await;
    until(&node, "key-7", Err(Reason::ArchivedKey)).await;
    until(&node, "key-1499", Err(Reason::ArchivedKey)).await;
}

async fn last_use_does_not_change_the_cache(shared: Shared) {
    let (there, here) = node_that_knows_two_keys(&shared).await;
    verify(&here, "a").await.unwrap();
    here.flush().await;
    let used = here.keys().get("a").await.unwrap().unwrap();
    assert!(used.last_used_at.is_some());
    // If the use had been announced, the node would hear of it before this later change.
    here.keys().archive("b").await.unwrap();
    until(&there.0, "b", Err(Reason::ArchivedKey)).await;
    assert_in_memory(&there, "a");
}

#[tokio::test]
async fn sqlite_statements_that_do_not_cascade_take_effect() {
    let shared = Shared::file();
    let (node, _) = shared.node().await;
    node.keys().create(key("a")).await.unwrap();
    until(&node, "a", Ok("a")).await;
    for (change, expected) in [
        (
            "REPLACE INTO api_key_user VALUES ('user', 0)",
            Err(Reason::ArchivedUser),
        ),
        ("REPLACE INTO api_key_user VALUES ('user', 1)", Ok("a")),
        (
            "PRAGMA foreign_keys = OFF; DELETE FROM api_key_group",
            Err(Reason::ForbiddenGroup),
        ),
        (
            "PRAGMA foreign_keys = OFF; DELETE FROM api_key_user",
            Err(Reason::UnknownKey),
        ),
    ] {
        shared.execute(change).await;
        until(&node, "a", expected).await;
    }
}

#[tokio::test]
async fn few_changed_keys_are_announced_one_by_one_and_many_as_all() {
    let Some(database) = Database::new().await else {
        return;
    };
    let auth = Authenticator::connect(&database.url()).await.unwrap();
    let created = auth
        .keys()
        .create_all((0..101).map(|n| key(&format!("key-{n}"))))
        .await
        .unwrap();
    let mut listener = PgListener::connect(&database.url()).await.unwrap();
    let channel = "SELECT 'api_key_' || 'api_key_generation'::regclass::oid";
    let channel: String = sqlx::query_scalar(channel)
        .fetch_one(&mut listener)
        .await
        .unwrap();
    listener.listen(&channel).await.unwrap();
    let mut announced = async |sql: &str| {
        database.execute(sql).await;
        database.execute(&format!("NOTIFY {channel}, 'end'")).await;
        let mut keys = Vec::new();
        loop {
            let notification = listener.recv().await.unwrap();
            match notification.payload().split_once(' ') {
                Some((_, changed)) => keys.push(changed.to_owned()),
                None => return keys,
            }
        }
    };
    let (first, second) = (created[0].record.id, created[1].record.id);
    // Once for the rows before the change, and once for the rows after it.
    let one = announced("UPDATE api_key SET active = FALSE WHERE name = 'key-0'").await;
    assert_eq!(one, [first.to_string(), first.to_string()]);
    let two = announced("DELETE FROM api_key_secret WHERE key_id <= 2").await;
    assert_eq!(two, [format!("{first},{second}")]);
    let all = announced("UPDATE api_key_user SET active = FALSE").await;
    assert_eq!(all, ["all", "all"]);
    assert_eq!(announced("TRUNCATE api_key_group_member").await, ["all"]);
    assert_eq!(
        announced("UPDATE api_key SET active = FALSE WHERE id = 0").await,
        [""; 0]
    );
    // A subscriber of a logical replication applies changes in this way.
    let replicated =
        "SET session_replication_role = replica; DELETE FROM api_key_secret WHERE key_id = 3";
    assert_eq!(announced(replicated).await, ["all", "3"]);
}

#[tokio::test]
async fn generation_that_was_not_announced_empties_the_cache() {
    let Some(database) = Database::new().await else {
        return;
    };
    let shared = Shared::Server(database);
    let (node, _) = shared.node().await;
    node.keys().create(key("a")).await.unwrap();
    until(&node, "a", Ok("a")).await;
    // This is as if the announcement were lost: triggers are off, and the generation is moved by hand.
    shared
        .execute(
            "ALTER TABLE api_key DISABLE TRIGGER ALL;
             UPDATE api_key SET active = FALSE;
             UPDATE api_key_generation SET value = value + 1;
             ALTER TABLE api_key ENABLE ALWAYS TRIGGER api_key_updated_from",
        )
        .await;
    until(&node, "a", Err(Reason::ArchivedKey)).await;
}

#[tokio::test]
async fn node_that_cannot_confirm_stops_using_its_cache() {
    let (auth, store) = GatedStore::reported_by_hand().node().await;
    auth.keys().create(key("a")).await.unwrap();
    verify(&auth, "a").await.unwrap();
    verify(&auth, "a").await.unwrap();
    assert_eq!(store.finds(), 1);
    // The time when the question was sent counts, not the time when the result comes.
    let old = Instant::now() - Duration::from_secs(6);
    store.report(News::Confirmed(old)).await;
    verify(&auth, "a").await.unwrap();
    verify(&auth, "a").await.unwrap();
    assert_eq!(store.finds(), 3);
    store.set_failing(true);
    assert_eq!(verify(&auth, "a").await, Err(Reason::Unavailable));
    // No change was missed, so the cache is trusted again.
    store.report(News::Confirmed(Instant::now())).await;
    verify(&auth, "a").await.unwrap();
}

#[tokio::test]
async fn cache_is_used_within_the_bound_after_a_lost_watch_and_emptied_by_the_next() {
    let store = GatedStore::reported_by_hand();
    let minute = Duration::from_secs(60);
    let builder = Authenticator::builder().confirm_within(minute);
    let auth = builder.build(store.clone()).await.unwrap();
    auth.keys().create(key("a")).await.unwrap();
    verify(&auth, "a").await.unwrap();
    store.set_failing(true);
    store.set_unwatchable(true);
    store.until_asked(1).await;
    store.lose_watch();
    verify(&auth, "a").await.unwrap();
    assert_eq!(verify(&auth, "b").await, Err(Reason::Unavailable));
    store.set_unwatchable(false);
    store.until_asked(2).await;
    assert_eq!(verify(&auth, "a").await, Err(Reason::Unavailable));
    store.set_failing(false);
    verify(&auth, "a").await.unwrap();
}

#[tokio::test]
async fn cached_key_expires_on_time() {
    // The store announces nothing: news of the creation would cause a second look-up.
    let store = GatedStore::reported_by_hand();
    let node = Authenticator::builder().build(store.clone()).await.unwrap();
    let soon = SystemTime::now() + Duration::from_millis(300);
    node.keys().create(key("a").expires_at(soon)).await.unwrap();
    loop {
        let before = SystemTime::now();
        match verify(&node, "a").await {
            Ok(_) => assert!(before < soon, "{before:?} {soon:?}"),
            Err(reason) => {
                assert_eq!(reason, Reason::ExpiredKey);
                assert!(SystemTime::now() >= soon - Duration::from_millis(1));
                break;
            }
        }
    }
    assert_eq!(store.finds(), 1);
}
