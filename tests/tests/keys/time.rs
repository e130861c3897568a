//! The time of an authenticator, which tests can move: what ends, and what ages.

use std::time::{Duration, SystemTime};

use auth_api_key::{ApiKey, Authenticator, NewKey, Reason, authenticator::Ended};
use futures_util::FutureExt;
use tests::GatedStore;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const MINUTE: Duration = Duration::from_secs(60);

async fn sent(auth: &Authenticator, text: &str) -> Result<ApiKey, Reason> {
    auth.verify(text, &[], None).await
}

#[tokio::test]
async fn key_expires_when_the_time_is_moved_to_its_end() {
    let auth = Authenticator::for_tests();
    let key = NewKey::new("a", "user")
        .text("a")
        .expires_at(SystemTime::now() + DAY);
    auth.keys().create(key).await.unwrap();
    auth.advance(DAY - MINUTE);
    assert!(sent(&auth, "a").await.is_ok());
    auth.advance(MINUTE);
    assert_eq!(sent(&auth, "a").await, Err(Reason::ExpiredKey));
}

#[tokio::test]
async fn overlap_of_a_rotated_key_ends_when_the_time_is_moved() {
    let auth = Authenticator::for_tests();
    auth.keys()
        .create(NewKey::new("a", "user").text("old"))
        .await
        .unwrap();
    // The overlap begins at the moved time.
    auth.advance(DAY);
    let new = auth.keys().rotate("a", DAY).await.unwrap().secret;
    auth.advance(DAY - MINUTE);
    assert!(sent(&auth, "old").await.is_ok());
    auth.advance(MINUTE);
    assert_eq!(sent(&auth, "old").await, Err(Reason::ExpiredKey));
    assert!(sent(&auth, new.expose()).await.is_ok());
}

#[tokio::test]
async fn cached_keys_age_when_the_time_is_moved() {
    let store = GatedStore::default();
    let auth = Authenticator::builder().build(store.clone()).await.unwrap();
    auth.keys()
        .create(NewKey::new("a", "user").text("a"))
        .await
        .unwrap();
    for (text, age) in [("a", MINUTE), ("wrong", Duration::from_secs(5))] {
        let _ = sent(&auth, text).await;
        let asked = store.finds();
        auth.advance(age - Duration::from_secs(1));
        let _ = sent(&auth, text).await;
        assert_eq!(
            store.finds(),
            asked,
            "{text} is asked for while it is cached"
        );
        auth.advance(Duration::from_secs(1));
        let _ = sent(&auth, text).await;
        assert_eq!(store.finds(), asked + 1, "{text}");
    }
}

#[tokio::test]
async fn until_refused_ends_when_the_time_is_moved_to_the_expiry() {
    let auth = Authenticator::for_tests();
    let key = NewKey::new("a", "user")
        .text("a")
        .expires_at(SystemTime::now() + 30 * DAY);
    auth.keys().create(key).await.unwrap();
    let key = sent(&auth, "a").await.unwrap();
    let mut following = Box::pin(auth.until_refused(&key, &[], None));
    assert_eq!((&mut following).now_or_never(), None);
    auth.advance(29 * DAY);
    assert_eq!((&mut following).now_or_never(), None);
    auth.advance(DAY);
    assert_eq!(following.await, Ended::Refused(Reason::ExpiredKey));
}

#[tokio::test]
async fn use_is_noted_again_when_the_time_is_moved() {
    let auth = Authenticator::for_tests();
    auth.keys()
        .create(NewKey::new("a", "user").text("a"))
        .await
        .unwrap();
    let used = async || {
        sent(&auth, "a").await.unwrap();
        auth.flush().await;
        auth.keys()
            .get("a")
            .await
            .unwrap()
            .unwrap()
            .last_used_at
            .unwrap()
    };
    let first = used().await;
    auth.advance(DAY);
    assert!(used().await >= first + DAY);
}

#[tokio::test]
async fn other_authenticators_keep_their_time() {
    let (moved, other) = (Authenticator::for_tests(), Authenticator::for_tests());
    for auth in [&moved, &other] {
        let key = NewKey::new("a", "user")
            .text("a")
            .expires_at(SystemTime::now() + DAY);
        auth.keys().create(key).await.unwrap();
    }
    moved.clone().advance(DAY);
    assert_eq!(sent(&moved, "a").await, Err(Reason::ExpiredKey));
    assert!(sent(&other, "a").await.is_ok());
}
