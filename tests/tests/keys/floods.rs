//! Many requests at once, right and wrong: `cargo bench -p tests --bench flood` sends more of them.

use auth_api_key::{Authenticator, store::PostgresStore};
use futures_util::future::join_all;
use sqlx::{Connection, PgConnection};
use tests::{
    GatedStore,
    flood::{flood, warm},
    postgres::Database,
};

#[tokio::test(flavor = "multi_thread")]
async fn wrong_keys_displace_no_key_in_use_and_ask_the_store_once_each() {
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
async fn flood_uses_no_more_connections_than_it_may() {
    let Some(database) = Database::new().await else {
        return;
    };
    let builder = Authenticator::builder().connections(3);
    let auth = builder.connect(&database.url()).await.unwrap();
    let keys = warm(&auth, 10).await;
    flood(&auth, &keys, 0..2_000, 64).await;
    // None of them is closed again.
    let mut observer = PgConnection::connect(&database.url()).await.unwrap();
    let count = "SELECT count(*) FROM pg_stat_activity
         WHERE application_name = 'auth-api-key' AND datname = current_database()";
    let count: i64 = sqlx::query_scalar(count)
        .fetch_one(&mut observer)
        .await
        .unwrap();
    // And one for changes, which may be two, and one for the watch.
    assert!((3 + 2..=3 + 3).contains(&count), "{count}");
}

#[tokio::test]
async fn thousand_first_requests_for_one_key_are_one_query() {
    let Some(database) = Database::new().await else {
        return;
    };
    // Made before the node begins, so that nothing of it is announced while it looks up.
    let elsewhere = Authenticator::connect(&database.url()).await.unwrap();
    warm(&elsewhere, 1).await;
    let store = GatedStore::over(PostgresStore::open(&database.url()).await.unwrap());
    let auth = Authenticator::builder().build(store.clone()).await.unwrap();
    let requests = (0..1000).map(|_| auth.verify::<&str>("key-0", &[], None));
    for key in join_all(requests).await {
        assert_eq!(key.unwrap().name, "key-0");
    }
    assert_eq!(store.finds(), 1);
}
