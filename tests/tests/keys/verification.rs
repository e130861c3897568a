//! The cache before the store: what is looked up once, when it is forgotten, and what faults do.

use std::time::Duration;

use auth_api_key::{ApiKey, Authenticator, NewKey, Reason};
use futures_util::{FutureExt, future::join_all};
use tests::{GatedStore, verify};
use tracing::subscriber::NoSubscriber;

async fn issue(auth: &Authenticator, name: &str) -> String {
    let created = auth.keys().create(NewKey::new(name, "user")).await.unwrap();
    created.secret.expose().to_owned()
}

/// A verification in a separate task.
fn verifying(auth: &Authenticator, text: &str) -> tokio::task::JoinHandle<Result<ApiKey, Reason>> {
    let (auth, text) = (auth.clone(), text.to_owned());
    tokio::spawn(async move { verify(&auth, &text).await })
}

#[tokio::test]
async fn cached_key_is_admitted_without_a_look_up_and_an_allocation() {
    let (auth, store) = GatedStore::default().node().await;
    let text = issue(&auth, "a").await;
    verify(&auth, &text).await.unwrap();
    let mut again = None;
    // Other tests of this process gather the log.
    let allocated = tracing::subscriber::with_default(NoSubscriber::default(), || {
        allocation_counter::measure(|| again = auth.verify(&text, &[], None).now_or_never())
    });
    assert_eq!(again.unwrap().unwrap().name, "a");
    assert_eq!(allocated.count_total, 0);
    assert_eq!(store.finds(), 1);
}

#[tokio::test]
async fn unknown_key_is_looked_up_once() {
    let (auth, store) = GatedStore::default().node().await;
    for _ in 0..3 {
        assert_eq!(verify(&auth, "unknown").await, Err(Reason::UnknownKey));
    }
    assert_eq!(store.finds(), 1);
}

#[tokio::test]
async fn thousand_concurrent_first_requests_make_one_query() {
    let (auth, store) = GatedStore::default().node().await;
    let text = issue(&auth, "a").await;
    store.close();
    let requests: Vec<_> = (0..1_000).map(|_| verifying(&auth, &text)).collect();
    store.until_read(1).await;
    store.let_through(1);
    for decision in join_all(requests).await {
        assert_eq!(decision.unwrap().unwrap().name, "a");
    }
    assert_eq!(store.finds(), 1);
}

#[tokio::test]
async fn caller_that_leaves_does_not_end_the_look_up_for_others() {
    let (auth, store) = GatedStore::default().node().await;
    let text = issue(&auth, "a").await;
    store.close();
    let leader = verifying(&auth, &text);
    store.until_read(1).await;
    // Polled in this thread, so that it has joined the look-up before the first caller leaves.
    let mut follower = Box::pin(verify(&auth, &text));
    assert!(follower.as_mut().now_or_never().is_none());
    leader.abort();
    assert!(leader.await.unwrap_err().is_cancelled());
    store.let_through(1);
    assert_eq!(follower.await.unwrap().name, "a");
    assert_eq!(store.finds(), 1);
}

#[tokio::test]
async fn look_up_that_nobody_awaits_goes_on_for_later_requests() {
    let (auth, store) = GatedStore::default().node().await;
    let text = issue(&auth, "a").await;
    store.close();
    let alone = verifying(&auth, &text);
    store.until_read(1).await;
    alone.abort();
    assert!(alone.await.unwrap_err().is_cancelled());
    store.let_through(1);
    assert_eq!(verify(&auth, &text).await.unwrap().name, "a");
    assert_eq!(store.finds(), 1);
}

#[tokio::test]
async fn miss_does_not_delay_a_hit() {
    let (auth, store) = GatedStore::default().node().await;
    let warm = issue(&auth, "warm").await;
    verify(&auth, &warm).await.unwrap();
    store.close();
    let cold = verifying(&auth, "cold");
    store.until_read(2).await;
    let hit = auth.verify(&warm, &[], None).now_or_never();
    assert_eq!(hit.unwrap().unwrap().name, "warm");
    store.let_through(1);
    assert_eq!(cold.await.unwrap(), Err(Reason::UnknownKey));
}

#[tokio::test]
async fn archived_key_is_refused_when_the_call_returns() {
    let (auth, _) = GatedStore::default().node().await;
    let text = issue(&auth, "a").await;
    verify(&auth, &text).await.unwrap();
    auth.keys().archive("a").await.unwrap();
    assert_eq!(verify(&auth, &text).await, Err(Reason::ArchivedKey));
    auth.keys().unarchive("a").await.unwrap();
    assert_eq!(verify(&auth, &text).await.unwrap().name, "a");
}

#[tokio::test]
async fn keys_of_an_archived_user_are_refused_when_the_call_returns() {
    let (auth, _) = GatedStore::default().node().await;
    let text = issue(&auth, "a").await;
    verify(&auth, &text).await.unwrap();
    auth.users().archive("user").await.unwrap();
    assert_eq!(verify(&auth, &text).await, Err(Reason::ArchivedUser));
    auth.users().unarchive("user").await.unwrap();
    assert_eq!(verify(&auth, &text).await.unwrap().name, "a");
}

#[tokio::test]
async fn change_of_one_key_leaves_the_others_cached() {
    let (auth, store) = GatedStore::default().node().await;
    let (a, b) = (issue(&auth, "a").await, issue(&auth, "b").await);
    verify(&auth, &a).await.unwrap();
    verify(&auth, &b).await.unwrap();
    auth.keys().archive("a").await.unwrap();
    verify(&auth, &b).await.unwrap();
    assert_eq!(store.finds(), 2);
}

#[tokio::test]
async fn look_up_from_before_a_revocation_is_neither_used_nor_cached() {
    let (auth, store) = GatedStore::default().node().await;
    let text = issue(&auth, "a").await;
    store.close();
    let overtaken = verifying(&auth, &text);
    store.until_read(1).await; // it has read the key as it was
    auth.keys().archive("a").await.unwrap();
    store.let_through(1);
    store.until_read(2).await; // it is asking again
    let cached = auth.verify(&text, &[], None).now_or_never();
    assert!(cached.is_none(), "the old answer was kept");
    store.let_through(2);
    assert_eq!(overtaken.await.unwrap(), Err(Reason::ArchivedKey));
    assert_eq!(verify(&auth, &text).await, Err(Reason::ArchivedKey));
    assert_eq!(store.finds(), 2);
}

#[tokio::test]
async fn request_after_a_change_does_not_join_a_look_up_from_before() {
    let (auth, store) = GatedStore::default().node().await;
    let text = issue(&auth, "a").await;
    store.close();
    let before = verifying(&auth, &text);
    store.until_read(1).await;
    auth.keys().archive("a").await.unwrap();
    let after = verifying(&auth, &text);
    store.until_read(2).await;
    store.let_through(3);
    assert_eq!(after.await.unwrap(), Err(Reason::ArchivedKey));
    assert_eq!(before.await.unwrap(), Err(Reason::ArchivedKey));
}

#[tokio::test]
async fn unknown_text_is_forgotten_when_its_key_is_created() {
    let (auth, _) = GatedStore::default().node().await;
    assert_eq!(
        verify(&auth, "typed by hand").await,
        Err(Reason::UnknownKey)
    );
    auth.keys()
        .create(NewKey::new("a", "user").text("typed by hand"))
        .await
        .unwrap();
    assert_eq!(verify(&auth, "typed by hand").await.unwrap().name, "a");
}

#[tokio::test]
async fn cancelled_change_still_takes_effect() {
    let (auth, store) = GatedStore::default().node().await;
    let text = issue(&auth, "a").await;
    verify(&auth, &text).await.unwrap();
    store.hold_commits();
    let archiving = {
        let auth = auth.clone();
        tokio::spawn(async move { auth.keys().archive("a").await })
    };
    store.until_committed(2).await;
    archiving.abort();
    assert!(archiving.await.unwrap_err().is_cancelled());
    store.let_commit_return();
    // The change ends in a separate task. Nothing announces its end, so ask again and again.
    while verify(&auth, &text).await == Err(Reason::Unavailable) {
        tokio::task::yield_now().await;
    }
    assert_eq!(verify(&auth, &text).await, Err(Reason::ArchivedKey));
}

#[tokio::test]
async fn rotated_key_works_by_both_texts_while_they_overlap() {
    let (auth, _) = GatedStore::default().node().await;
    let old = issue(&auth, "a").await;
    verify(&auth, &old).await.unwrap();
    let rotated = auth
        .keys()
        .rotate("a", Duration::from_secs(3600))
        .await
        .unwrap();
    let new = rotated.secret.expose();
    assert_eq!(verify(&auth, &old).await.unwrap().name, "a");
    assert_eq!(verify(&auth, new).await.unwrap().name, "a");
    auth.keys().rotate("a", Duration::ZERO).await.unwrap();
    assert_eq!(verify(&auth, &old).await, Err(Reason::UnknownKey));
    assert_eq!(verify(&auth, new).await, Err(Reason::UnknownKey));
}

#[tokio::test]
async fn store_errors_are_reported_and_not_cached() {
    let (auth, store) = GatedStore::default().node().await;
    let text = issue(&auth, "a").await;
    store.set_failing(true);
    assert_eq!(verify(&auth, &text).await, Err(Reason::Unavailable));
    store.set_failing(false);
    assert_eq!(verify(&auth, &text).await.unwrap().name, "a");
}

#[tokio::test]
async fn failing_store_is_asked_once_for_each_request() {
    let (auth, store) = GatedStore::default().node().await;
    store.set_failing(true);
    assert_eq!(verify(&auth, "a").await, Err(Reason::Unavailable));
    assert_eq!(store.finds(), 1);
}

#[tokio::test]
async fn new_key_does_not_repeat_look_ups_of_other_keys() {
    let (auth, store) = GatedStore::default().node().await;
    let text = issue(&auth, "a").await;
    store.close();
    let request = verifying(&auth, &text);
    store.until_read(1).await;
    issue(&auth, "b").await;
    store.let_through(1);
    assert_eq!(request.await.unwrap().unwrap().name, "a");
    assert_eq!(store.finds(), 1);
}

#[tokio::test]
async fn cached_keys_work_while_the_store_is_down() {
    let (auth, store) = GatedStore::default().node().await;
    let text = issue(&auth, "a").await;
    verify(&auth, &text).await.unwrap();
    store.set_failing(true);
    assert_eq!(verify(&auth, &text).await.unwrap().name, "a");
}

#[tokio::test]
async fn panicking_store_is_unavailable() {
    let (auth, store) = GatedStore::default().node().await;
    let text = issue(&auth, "a").await;
    store.set_panicking(true);
    assert_eq!(verify(&auth, &text).await, Err(Reason::Unavailable));
    store.set_panicking(false);
    assert_eq!(verify(&auth, &text).await.unwrap().name, "a");
}

#[tokio::test]
async fn cache_stays_within_its_bounds() {
    let store = GatedStore::default();
    let builder = Authenticator::builder()
        .cache_capacity(100)
        .unknown_capacity(50);
    let auth = builder.build(store.clone()).await.unwrap();
    for index in 0..1_000 {
        let text = issue(&auth, &format!("key-{index}")).await;
        verify(&auth, &text).await.unwrap();
    }
    let debug = format!("{auth:?}");
    assert!(debug.contains("known: 100,"), "{debug}");
}

/// The map must neither grow nor keep the oldest entries for ever. This shows only after many times as
/// many entries as its capacity.
#[tokio::test]
async fn flood_of_wrong_keys_forgets_the_oldest() {
    let store = GatedStore::default();
    let auth = Authenticator::builder()
        .unknown_capacity(1_000)
        .build(store.clone())
        .await
        .unwrap();
    const WRONG: usize = 100_000;
    for index in 0..WRONG {
        assert_eq!(
            verify(&auth, &format!("wrong-{index}")).await,
            Err(Reason::UnknownKey)
        );
    }
    let debug = format!("{auth:?}");
    assert!(debug.contains("unknown: 1000,"), "{debug}");
    for index in WRONG - 1_000..WRONG {
        let text = format!("wrong-{index}");
        let remembered = auth.verify(text, &[], None).now_or_never();
        assert_eq!(
            remembered,
            Some(Err(Reason::UnknownKey)),
            "the newest are remembered"
        );
    }
    assert_eq!(store.finds(), WRONG);
}
