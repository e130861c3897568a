//! What a node knows for longer than a minute: it is asked for again in the background, and which
//! entries make room for others.

use std::time::{Duration, Instant};

use auth_api_key::{
    Authenticator, NewKey, Reason,
    key::KeyUpdate,
    store::{Change, Changed, KeyStore, News},
};
use futures_util::FutureExt;
use tests::{
    GatedStore, Log, cluster::Shared, flood::warm, name_of, over_each_database, until, verify,
};

const MINUTE: Duration = Duration::from_secs(60);

/// Lets a minute pass, and confirms that no change was missed.
async fn minute_passes(auth: &Authenticator, store: &GatedStore) {
    auth.advance(MINUTE);
    store.report(News::Confirmed(Instant::now())).await;
}

/// Archives a key without a word to the node over it.
async fn archive_behind_its_back(store: &GatedStore, name: &str) {
    let (name, active) = (name.to_owned(), false);
    let change = Change::SetActive { name, active };
    store.change(&change, None).await.unwrap();
}

#[tokio::test]
async fn known_key_is_asked_for_again_each_minute_and_serves_meanwhile() {
    let (auth, store) = GatedStore::reported_by_hand().node().await;
    warm(&auth, 1).await;
    store.close();
    for minute in 1..=3 {
        minute_passes(&auth, &store).await;
        store.until_read(1 + minute).await;
        let served = verify(&auth, "key-0").now_or_never();
        assert!(served.expect("it is in memory").is_ok());
        store.let_through(1);
        until(async || store.refreshed(), minute, "the answer").await;
    }
    assert_eq!(store.finds(), 1);
}

#[tokio::test]
async fn refreshed_key_is_refused_from_its_expiry_on() {
    let (auth, store) = GatedStore::reported_by_hand().node().await;
    let soon = std::time::SystemTime::now() + 2 * MINUTE;
    let key = NewKey::new("a", "user").text("a").expires_at(soon);
    auth.keys().create(key).await.unwrap();
    for minute in 1..=2 {
        assert_eq!(name_of(&auth, "a").await.unwrap(), "a");
        minute_passes(&auth, &store).await;
        until(async || store.refreshed(), minute, "a minute").await;
    }
    assert_eq!(verify(&auth, "a").await, Err(Reason::ExpiredKey));
}

#[tokio::test]
async fn change_that_was_not_announced_is_logged_and_ends_all_trust() {
    let log = Log::of_process();
    let (auth, store) = GatedStore::reported_by_hand().node().await;
    warm(&auth, 41).await;
    archive_behind_its_back(&store, "key-40").await;
    minute_passes(&auth, &store).await;
    until(async || store.refreshed(), 41, "a minute").await;
    store.report(News::Confirmed(Instant::now())).await;
    log.until("keys=[41]").await;
    // What was cached of the others is forgotten, too.
    verify(&auth, "key-1").await.unwrap();
    assert_eq!(store.finds_of("key-1"), 2);
    assert_eq!(verify(&auth, "key-40").await, Err(Reason::ArchivedKey));
}

#[tokio::test]
async fn change_that_is_announced_after_a_refresh_found_it_was_not_missed() {
    let log = Log::of_process();
    let (auth, store) = GatedStore::reported_by_hand().node().await;
    warm(&auth, 42).await;
    archive_behind_its_back(&store, "key-41").await;
    minute_passes(&auth, &store).await;
    until(async || store.refreshed(), 42, "a minute").await;
    assert_eq!(verify(&auth, "key-41").await, Err(Reason::ArchivedKey));
    store.report(News::Changed(Changed::Keys(vec![42]))).await;
    minute_passes(&auth, &store).await;
    until(async || store.refreshed() > 42, true, "another minute").await;
    assert_eq!(name_of(&auth, "key-1").await.unwrap(), "key-1");
    assert_eq!(store.finds_of("key-1"), 1);
    assert!(!log.text().contains("keys=[42]"));
}

async fn keys_are_refreshed_together_and_by_each_of_their_texts(shared: Shared) {
    let store = shared.store().await;
    let builder = Authenticator::builder().confirm_within(60 * MINUTE);
    let auth = builder.build(store.clone()).await.unwrap();
    let mut texts = warm(&auth, 1200).await;
    let new = auth.keys().rotate("key-7", 60 * MINUTE).await.unwrap();
    texts.push(new.secret.expose().to_owned());
    for text in &texts {
        verify(&auth, text).await.unwrap();
    }
    let asked = store.finds();
    auth.advance(MINUTE);
    until(async || store.refreshed() >= 1201, true, "a minute").await;
    for text in &texts {
        verify(&auth, text).await.unwrap();
    }
    // The watch may have told of the rotated key once more.
    assert!(store.finds() <= asked + 2);
}

async fn change_that_no_trigger_announces_is_noticed_within_a_minute(shared: Shared) {
    let (auth, store) = shared.node().await;
    warm(&auth, 2).await;
    let disable = match &shared {
        Shared::File(_) => "DROP TRIGGER api_key_updated",
        Shared::Server(_) => "ALTER TABLE api_key DISABLE TRIGGER ALL",
    };
    let archive = "UPDATE api_key SET active = FALSE WHERE name = 'key-0'";
    shared
        .execute(&format!("BEGIN; {disable}; {archive}; COMMIT"))
        .await;
    auth.advance(MINUTE);
    let decision = async || verify(&auth, "key-0").await.err();
    until(decision, Some(Reason::ArchivedKey), "a minute").await;
    let asked = store.finds_of("key-1");
    let forgotten = async || {
        verify(&auth, "key-1").await.unwrap();
        store.finds_of("key-1") > asked
    };
    until(forgotten, true, "the missed change").await;
}

over_each_database! {
    keys_are_refreshed_together_and_by_each_of_their_texts
    change_that_no_trigger_announces_is_noticed_within_a_minute
}

async fn node_that_knows(keys: usize) -> (Authenticator, GatedStore) {
    let store = GatedStore::default();
    let builder = Authenticator::builder().cache_capacity(keys);
    (builder.build(store.clone()).await.unwrap(), store)
}

#[tokio::test]
async fn keys_in_use_outlast_those_that_are_used_once() {
    let (auth, store) = node_that_knows(100).await;
    let keys = warm(&auth, 1_000).await;
    let (used, once) = keys.split_at(50);
    for once in once {
        for used in [&used[0], &used[25], &used[49], once] {
            verify(&auth, used).await.unwrap();
        }
    }
    for used in [&used[0], &used[25], &used[49]] {
        // When all keys were made, and once more.
        assert_eq!(store.finds_of(used), 2, "{used}");
    }
    assert!(format!("{auth:?}").contains("known: 100,"), "{auth:?}");
}

#[tokio::test]
async fn updates_of_one_key_displace_no_other() {
    let (auth, store) = node_that_knows(500).await;
    let keys = warm(&auth, 500).await;
    for number in 0..700 {
        let update = KeyUpdate::new().user(format!("user-{number}"));
        auth.keys().update(&keys[7], update).await.unwrap();
        verify(&auth, &keys[7]).await.unwrap();
    }
    let before = store.finds();
    for key in &keys {
        verify(&auth, key).await.unwrap();
    }
    assert_eq!(store.finds(), before);
}
