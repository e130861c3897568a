//! `until_refused`, which ends what lasts longer than a request, when its key would be refused.

use std::{
    net::IpAddr,
    time::{Duration, SystemTime},
};

use auth_api_key::{
    ApiKey, Authenticator, NewKey, Reason,
    authenticator::Ended,
    key::{KeyRecord, KeyUpdate},
    store::{Changed, News},
};
use futures_util::FutureExt;
use tests::{GatedStore, cluster::Shared, over_each_database, until};
use tokio::{task::JoinHandle, time::timeout};

const GROUPS: [&str; 1] = ["shop"];

async fn verified(auth: &Authenticator, text: &str) -> ApiKey {
    auth.verify(text, &GROUPS, address()).await.unwrap()
}

fn address() -> Option<IpAddr> {
    Some([192, 0, 2, 7].into())
}

fn key() -> NewKey {
    NewKey::new("a", "user").text("a").groups(GROUPS)
}

/// Calls `until_refused` with a verified key, and returns when this has begun.
async fn follow(auth: &Authenticator, key: &ApiKey) -> JoinHandle<Ended> {
    let (auth, key) = (auth.clone(), key.clone());
    let mut following = Box::pin(async move { auth.until_refused(&key, &GROUPS, address()).await });
    // It hears of changes from its first poll on.
    assert_eq!((&mut following).now_or_never(), None);
    tokio::spawn(following)
}

async fn ended(following: JoinHandle<Ended>) -> Ended {
    let ended = timeout(Duration::from_secs(20), following).await;
    ended.expect("it has not ended").unwrap()
}

async fn gated() -> (Authenticator, GatedStore) {
    let (auth, store) = GatedStore::reported_by_hand().node().await;
    auth.keys().create(key()).await.unwrap();
    (auth, store)
}

#[tokio::test]
async fn change_that_refuses_a_key_ends_until_refused() {
    type Change = fn(Authenticator) -> futures_util::future::BoxFuture<'static, ()>;
    let changes: [(Change, Reason); 7] = [
        (
            |auth| async move { drop(auth.keys().archive("a").await.unwrap()) }.boxed(),
            Reason::ArchivedKey,
        ),
        (
            |auth| async move { drop(auth.keys().delete("a").await.unwrap()) }.boxed(),
            Reason::UnknownKey,
        ),
        (
            |auth| async move { drop(auth.users().archive("user").await.unwrap()) }.boxed(),
            Reason::ArchivedUser,
        ),
        (
            |auth| async move { drop(auth.groups().remove("shop", "a").await.unwrap()) }.boxed(),
            Reason::ForbiddenGroup,
        ),
        (
            |auth| async move { drop(auth.groups().delete("shop").await.unwrap()) }.boxed(),
            Reason::ForbiddenGroup,
        ),
        (
            |auth| {
                async move {
                    let update = KeyUpdate::new().networks(["10.0.0.0/8".parse().unwrap()]);
                    auth.keys().update("a", update).await.unwrap();
                }
                .boxed()
            },
            Reason::ForbiddenNetwork,
        ),
        (
            |auth| {
                async move { drop(auth.keys().rotate("a", Duration::ZERO).await.unwrap()) }.boxed()
            },
            Reason::UnknownKey,
        ),
    ];
    for (at, (change, reason)) in changes.into_iter().enumerate() {
        let (auth, _store) = gated().await;
        let following = follow(&auth, &verified(&auth, "a").await).await;
        change(auth).await;
        assert_eq!(
            ended(following).await,
            Ended::Refused(reason),
            "change {at}"
        );
    }
}

#[tokio::test]
async fn until_refused_ends_at_once_if_the_key_was_refused_before_the_call() {
    let (auth, _store) = gated().await;
    let key = verified(&auth, "a").await;
    auth.keys().archive("a").await.unwrap();
    let ended = auth.until_refused(&key, &GROUPS, address()).await;
    assert_eq!(ended, Ended::Refused(Reason::ArchivedKey));
}

#[tokio::test]
async fn until_refused_ends_if_another_key_has_the_text_now() {
    let (auth, _store) = gated().await;
    let key = verified(&auth, "a").await;
    auth.keys().delete("a").await.unwrap();
    let other = NewKey::new("b", "user").text("a").groups(GROUPS);
    auth.keys().create(other).await.unwrap();
    let ended = auth.until_refused(&key, &GROUPS, address()).await;
    assert_eq!(ended, Ended::Refused(Reason::UnknownKey));
}

#[tokio::test]
async fn change_that_still_admits_the_key_does_not_end_until_refused() {
    let (auth, store) = gated().await;
    let following = follow(&auth, &verified(&auth, "a").await).await;
    store.until_read(2).await;
    // After a change of this key it reads the key again.
    let update = KeyUpdate::new().name("renamed");
    auth.keys().update("a", update).await.unwrap();
    store.until_read(3).await;
    // After a change of another key it does not.
    auth.keys().create(NewKey::new("b", "user")).await.unwrap();
    auth.keys().archive("b").await.unwrap();
    auth.keys().archive("renamed").await.unwrap();
    assert_eq!(ended(following).await, Ended::Refused(Reason::ArchivedKey));
    // The change itself may end it, or the reading after the change.
    assert!(store.finds() <= 4, "{}", store.finds());
}

#[tokio::test]
async fn until_refused_reads_the_key_after_it_missed_changes() {
    let (auth, store) = gated().await;
    let key = verified(&auth, "a").await;
    store.close();
    let following = follow(&auth, &key).await;
    // More changes than can wait for a task; the important one is in the middle.
    for round in 0..1500 {
        if round == 100 {
            auth.keys().archive("a").await.unwrap();
        }
        store.report(News::Changed(Changed::Keys(vec![9]))).await;
    }
    store.let_through(100);
    assert_eq!(ended(following).await, Ended::Refused(Reason::ArchivedKey));
}

#[tokio::test]
async fn expiry_and_the_end_of_an_overlap_end_until_refused() {
    let (auth, _store) = gated().await;
    let key = verified(&auth, "a").await;
    let following = follow(&auth, &key).await;
    let overlap = Duration::from_millis(200);
    let end = SystemTime::now() + overlap;
    auth.keys().rotate("a", overlap).await.unwrap();
    assert_eq!(ended(following).await, Ended::Refused(Reason::ExpiredKey));
    assert!(SystemTime::now() >= end);

    let soon = SystemTime::now() + Duration::from_millis(200);
    let short = NewKey::new("b", "user").groups(GROUPS).expires_at(soon);
    let created = auth.keys().create(short).await.unwrap();
    let following = follow(&auth, &verified(&auth, created.secret.expose()).await).await;
    assert_eq!(ended(following).await, Ended::Refused(Reason::ExpiredKey));
    // Stores keep whole milliseconds.
    assert!(SystemTime::now() + Duration::from_millis(1) >= soon);
}

#[tokio::test]
async fn until_refused_waits_for_a_later_expiry() {
    let (auth, _store) = gated().await;
    let end = SystemTime::now() + Duration::from_millis(300);
    let update = |end| KeyUpdate::new().expires_at(Some(end));
    auth.keys().update("a", update(end)).await.unwrap();
    let following = follow(&auth, &verified(&auth, "a").await).await;
    let later = end + Duration::from_millis(300);
    auth.keys().update("a", update(later)).await.unwrap();
    assert_eq!(ended(following).await, Ended::Refused(Reason::ExpiredKey));
    // Stores keep whole milliseconds.
    assert!(SystemTime::now() + Duration::from_millis(1) >= later);
}

#[tokio::test]
async fn changes_that_cannot_be_confirmed_end_until_refused() {
    let store = GatedStore::reported_by_hand();
    let bound = Duration::from_millis(500);
    let builder = Authenticator::builder().confirm_within(bound);
    let auth = builder.build(store.clone()).await.unwrap();
    auth.keys().create(key()).await.unwrap();
    let following = follow(&auth, &verified(&auth, "a").await).await;
    store.set_unwatchable(true);
    store.lose_watch();
    assert_eq!(ended(following).await, Ended::Unconfirmed);
}

#[tokio::test]
async fn until_refused_reads_the_key_again_within_a_minute_if_the_store_is_not_watched() {
    let (here, store) = GatedStore::default().node().await;
    let (there, _store) = store.node().await;
    here.keys().create(key()).await.unwrap();
    let following = follow(&there, &verified(&there, "a").await).await;
    here.keys().archive("a").await.unwrap();
    let has_ended = async || {
        there.advance(Duration::from_secs(60));
        following.is_finished()
    };
    until(has_ended, true, "a minute has passed").await;
    assert_eq!(ended(following).await, Ended::Refused(Reason::ArchivedKey));
}

#[tokio::test]
async fn store_that_cannot_be_asked_ends_until_refused() {
    let store = GatedStore::default();
    let bound = Duration::from_millis(500);
    let builder = Authenticator::builder().confirm_within(bound);
    let auth = builder.build(store.clone()).await.unwrap();
    auth.keys().create(key()).await.unwrap();
    let key = verified(&auth, "a").await;
    store.set_failing(true);
    let ended = auth.until_refused(&key, &GROUPS, address()).await;
    assert_eq!(ended, Ended::Unconfirmed);
}

#[tokio::test]
async fn until_refused_ends_at_once_for_a_key_that_was_not_verified() {
    let (auth, _store) = gated().await;
    let forged = ApiKey::unverified(KeyRecord::new(1, "a", "user"));
    let ended = auth.until_refused(&forged, &[], None).await;
    assert_eq!(ended, Ended::Refused(Reason::UnknownKey));
}

over_each_database! {
    change_on_another_node_ends_until_refused
}

async fn change_on_another_node_ends_until_refused(shared: Shared) {
    let ((here, _), (there, _)) = (shared.node().await, shared.node().await);
    here.keys().create(key()).await.unwrap();
    // The other node may still have cached that the key is unknown.
    let known = async || there.verify("a", &GROUPS, address()).await.is_ok();
    until(known, true, "it was created").await;
    let key = verified(&there, "a").await;
    let following = follow(&there, &key).await;
    here.keys().archive("a").await.unwrap();
    assert_eq!(ended(following).await, Ended::Refused(Reason::ArchivedKey));
}
