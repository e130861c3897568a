//! Many requests at once, with right and wrong keys. `cargo bench -p tests --bench flood` sends them to
//! a node in another process.

use std::{
    ops::Range,
    sync::atomic::{AtomicUsize, Ordering},
    time::Instant,
};

use auth_api_key::{
    ApiKey, Authenticator, NewKey, Reason,
    store::{Changed, News, PostgresStore},
};
use futures_util::{FutureExt, future::join_all};
use sqlx::{Connection, PgConnection};
use tests::{
    GatedStore, Wire,
    cluster::Shared,
    flood::{flood, warm},
    name_of, over_each_database,
    postgres::Database,
    until, verify,
};
use tokio::task::JoinHandle;

/// How many look-ups can wait.
const WAITING: usize = 2_048;
/// The connections of a node: four for look-ups, two for changes, two for lists, and one for the watch.
const CONNECTIONS: i64 = 4 + 2 + 2 + 1;

#[tokio::test(flavor = "multi_thread")]
async fn wrong_keys_are_looked_up_once_each_and_keep_keys_in_use_cached() {
    let store = GatedStore::default();
    let builder = Authenticator::builder()
        .cache_capacity(10)
        .unknown_capacity(100);
    let auth = builder.build(store.clone()).await.unwrap();
    let keys = warm(&auth, 10).await;
    let before = store.finds();
    flood(&auth, &keys, 0..20_000, 8).await;
    assert_eq!(store.finds() - before, 20_000);
    let cached = format!("{auth:?}");
    assert!(cached.contains("known: 10, unknown: 100,"), "{cached}");
}

#[tokio::test(flavor = "multi_thread")]
async fn flood_does_not_exceed_the_number_of_connections() {
    let Some(database) = Database::new().await else {
        return;
    };
    let builder = Authenticator::builder().connections(3);
    let auth = builder.connect(&database.url()).await.unwrap();
    let keys = warm(&auth, 10).await;
    flood(&auth, &keys, 0..2_000, 64).await;
    // Pools do not close connections again, so that this counts all that were made.
    let mut observer = PgConnection::connect(&database.url()).await.unwrap();
    let count = "SELECT count(*) FROM pg_stat_activity
         WHERE application_name = 'auth-api-key' AND datname = current_database()";
    let count: i64 = sqlx::query_scalar(count)
        .fetch_one(&mut observer)
        .await
        .unwrap();
    // Three for look-ups, one or two for changes, up to two for lists, and one for the watch.
    assert!((3 + 2..=3 + 5).contains(&count), "{count}");
}

#[tokio::test]
async fn thousand_first_requests_for_one_key_share_one_query() {
    let Some(database) = Database::new().await else {
        return;
    };
    // The key is made before the node begins, so that nothing is announced during the look-up.
    let elsewhere = Authenticator::connect(&database.url()).await.unwrap();
    warm(&elsewhere, 1).await;
    let store = GatedStore::over(PostgresStore::open(&database.url()).await.unwrap());
    let auth = Authenticator::builder().build(store.clone()).await.unwrap();
    let requests = (0..1000).map(|_| auth.verify("key-0", &[], None));
    for key in join_all(requests).await {
        assert_eq!(key.unwrap().name, "key-0");
    }
    assert_eq!(store.finds(), 1);
}

/// Requests with unknown texts, each in a separate task.
fn wrong(auth: &Authenticator, texts: Range<usize>) -> Vec<JoinHandle<Result<ApiKey, Reason>>> {
    let requests = texts.map(|number| {
        let (auth, text) = (auth.clone(), format!("wrong-{number}"));
        tokio::spawn(async move { verify(&auth, &text).await })
    });
    requests.collect()
}

/// More than can wait, and few enough to be answered soon.
const MANY: usize = 5_000;

#[tokio::test]
async fn look_ups_beyond_those_that_may_wait_are_refused_at_once() {
    let (auth, store) = GatedStore::default().at_a_time(4).node().await;
    let keys = warm(&auth, 2).await;
    store.close();
    let requests = wrong(&auth, 0..MANY);
    store.until_read(2 + 4).await;
    let ended = async || {
        requests
            .iter()
            .filter(|request| request.is_finished())
            .count()
    };
    // The store has given no result yet.
    until(ended, MANY - WAITING - 4, "the others wait").await;
    assert_eq!(verify(&auth, "another").await, Err(Reason::Unavailable));
    assert_eq!(name_of(&auth, &keys[0]).await.unwrap(), "key-0");
    store.let_through(MANY);
    let answers = join_all(requests).await;
    let refused = answers
        .into_iter()
        .map(|answer| answer.unwrap().unwrap_err());
    let mut unknown: Vec<Reason> = refused.collect();
    unknown.retain(|reason| *reason == Reason::UnknownKey);
    assert_eq!(unknown.len(), WAITING + 4);
    assert_eq!(verify(&auth, "another").await, Err(Reason::UnknownKey));
}

#[tokio::test]
async fn waiting_look_up_is_dropped_when_its_last_caller_leaves() {
    let (auth, store) = GatedStore::default().at_a_time(1).node().await;
    store.close();
    let first = wrong(&auth, 0..1);
    store.until_read(1).await;
    for left in [wrong(&auth, 1..100), wrong(&auth, 50..150)] {
        tokio::task::yield_now().await;
        for request in left {
            request.abort();
            let _ = request.await;
        }
    }
    let last = wrong(&auth, 150..151);
    store.let_through(2);
    for request in first.into_iter().chain(last) {
        assert_eq!(request.await.unwrap(), Err(Reason::UnknownKey));
    }
    assert_eq!(store.finds(), 2);
}

async fn callers_that_hang_up_close_no_connection(shared: Shared) {
    let elsewhere = Authenticator::connect(&shared.url()).await.unwrap();
    warm(&elsewhere, 1).await;
    let (auth, _) = shared.node().await;
    for round in 0..50 {
        let requests = wrong(&auth, 64 * round..64 * (round + 1));
        // The callers hang up at a different moment of the look-up in each round.
        for _ in 0..round {
            tokio::task::yield_now().await;
        }
        for request in requests {
            request.abort();
        }
    }
    assert_eq!(name_of(&auth, "key-0").await.unwrap(), "key-0");
    if let Shared::Server(database) = &shared {
        let mut observer = PgConnection::connect(&database.url()).await.unwrap();
        // The sessions of both nodes, and that of the observer.
        let sessions = "SELECT sessions FROM pg_stat_database WHERE datname = current_database()";
        let sessions: i64 = sqlx::query_scalar(sessions)
            .fetch_one(&mut observer)
            .await
            .unwrap();
        assert!(sessions <= 2 * CONNECTIONS + 1, "{sessions}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn look_up_that_changes_always_overtake_gives_a_result_that_is_not_cached() {
    let (auth, store) = GatedStore::reported_by_hand().node().await;
    auth.keys()
        .create(NewKey::new("a", "user").text("a"))
        .await
        .unwrap();
    store.close();
    let request = tokio::spawn({
        let auth = auth.clone();
        async move { name_of(&auth, "a").await }
    });
    for look_up in 1..=16 {
        store.until_read(look_up).await;
        store.report(News::Changed(Changed::All)).await;
        store.report(News::Confirmed(Instant::now())).await;
        store.let_through(1);
    }
    assert_eq!(request.await.unwrap().unwrap(), "a");
    store.let_through(1);
    assert_eq!(name_of(&auth, "a").await.unwrap(), "a");
    assert_eq!(store.finds(), 17);
}

#[tokio::test]
async fn look_up_over_a_connection_in_use_is_one_round_trip() {
    let Some(database) = Database::new().await else {
        return;
    };
    let (wire, url) = Wire::to_database(&database).await;
    let auth = Authenticator::builder()
        .connections(1)
        .connect(&url)
        .await
        .unwrap();
    assert_eq!(verify(&auth, "prepared").await, Err(Reason::UnknownKey));
    let before = wire.sent();
    for number in 0..100 {
        let refused = verify(&auth, &format!("wrong-{number}")).await;
        assert_eq!(refused, Err(Reason::UnknownKey));
    }
    // The watch also asks, and a connection may come from the pool.
    let sent = wire.sent() - before;
    assert!((100..130).contains(&sent), "{sent}");
}

/// Makes this many keys that no node knows yet; one of them has this name.
async fn create(auth: &Authenticator, keys: usize, name: &str) {
    let names = (1..keys).map(|number| format!("{name}-{number}"));
    let names = names.chain([name.to_owned()]);
    let keys = names.map(|name| NewKey::new(&name, "user").text(name));
    auth.keys().create_all(keys).await.unwrap();
}

/// Fills the queue for unlikely texts while a look-up is under way. Repeats this until the node knows
/// which texts are unlikely: before that, more of them can wait.
async fn flooded(
    auth: &Authenticator,
    store: &GatedStore,
) -> Vec<JoinHandle<Result<ApiKey, Reason>>> {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    for _ in 0..1_000 {
        let before = store.finds();
        store.close();
        let first = NEXT.fetch_add(1_001, Ordering::Relaxed);
        let mut requests = wrong(auth, first..first + 1);
        until(async || store.finds(), before + 1, "a request").await;
        requests.extend(wrong(auth, first + 1..first + 1_001));
        // Let each of the tasks run.
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        let refused = requests.iter().filter(|request| request.is_finished());
        if refused.count() == 1_000 - WAITING / 4 {
            return requests;
        }
        store.let_through(1_001);
        join_all(requests).await;
    }
    panic!("the digests are not read");
}

/// A key that a node does not know is looked up before the wrong texts that wait.
async fn is_looked_up_first(auth: &Authenticator, store: &GatedStore, key: &str) {
    let requests = flooded(auth, store).await;
    let before = store.finds();
    let mut verifying = Box::pin(name_of(auth, key));
    assert_eq!((&mut verifying).now_or_never(), None);
    store.let_through(2);
    assert_eq!(verifying.await.unwrap(), key);
    store.let_through(1_000);
    join_all(requests).await;
    assert_eq!(store.finds(), before + 1 + WAITING / 4);
}

async fn keys_are_looked_up_before_wrong_texts(shared: Shared) {
    let elsewhere = Authenticator::connect(&shared.url()).await.unwrap();
    create(&elsewhere, 1_743, "cold").await;
    let (auth, store) = shared.store().await.at_a_time(1).node().await;
    is_looked_up_first(&auth, &store, "cold").await;
}

async fn keys_added_elsewhere_are_looked_up_first_once_a_node_hears_of_them(shared: Shared) {
    let elsewhere = Authenticator::connect(&shared.url()).await.unwrap();
    let (auth, store) = shared.store().await.at_a_time(1).node().await;
    for (number, name) in ["cold", "colder"].into_iter().enumerate() {
        let requests = flooded(&auth, &store).await;
        store.let_through(10_000);
        join_all(requests).await;
        let unknown = verify(&auth, &format!("{name}-1")).await;
        assert_eq!(unknown, Err(Reason::UnknownKey));
        create(&elsewhere, 5 + 500 * number, name).await;
        let heard = async || verify(&auth, &format!("{name}-1")).await.is_ok();
        until(heard, true, "its creation").await;
        is_looked_up_first(&auth, &store, name).await;
    }
}

over_each_database! {
    keys_are_looked_up_before_wrong_texts
    keys_added_elsewhere_are_looked_up_first_once_a_node_hears_of_them
    callers_that_hang_up_close_no_connection
}
