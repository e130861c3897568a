//! Nodes and programs that do not have all peppers of a store: what they can do, and that they do not
//! refuse a text as wrong if they cannot know that.

use std::time::Duration;

use auth_api_key::{
    Authenticator, Builder, Error, NewKey, Reason,
    error::PepperError,
    key::KeyFilter,
    store::{PostgresStore, SqliteStore},
};
use tests::{GatedStore, Log, cluster::Shared, listed, until, until_decided, verify};

fn with(peppers: &[u32]) -> Builder {
    let pepper = |version| format!("pepper {version} of 0123456789");
    peppers
        .iter()
        .fold(Authenticator::builder(), |builder, version| {
            builder.pepper(*version, pepper(version))
        })
}

async fn store(shared: &Shared) -> GatedStore {
    match shared {
        Shared::File(_) => GatedStore::over(SqliteStore::open(&shared.url()).await.unwrap()),
        Shared::Server(_) => GatedStore::over(PostgresStore::open(&shared.url()).await.unwrap()),
    }
}

fn lacks(error: &Error, lacking: u32) -> bool {
    matches!(error, Error::Pepper(PepperError::MissingPepper { version }) if *version == lacking)
}

#[tokio::test]
async fn unknown_text_is_a_fault_if_it_may_be_under_a_missing_pepper() {
    for shared in Shared::each().await {
        let store = store(&shared).await;
        let old = with(&[1]).build(store.clone()).await.unwrap();
        let key = |name: &str| NewKey::new(name, "user").text(name);
        old.keys().create(key("old")).await.unwrap();
        assert_eq!(verify(&old, "new").await, Err(Reason::UnknownKey));
        let new = with(&[1, 2]).connect(&shared.url()).await.unwrap();
        new.keys().create(key("new")).await.unwrap();
        let (log, ()) = Log::of(async {
            for text in ["new", "nobody's"] {
                until_decided(&old, text, Err(Reason::Unavailable)).await;
            }
            // The node remembers this, and decides about texts that it can decide about.
            let remembered = async || {
                let before = store.finds();
                let again = verify(&old, "new").await;
                again == Err(Reason::Unavailable) && store.finds() == before
            };
            until(remembered, true, "a key under a new pepper").await;
            verify(&old, "old").await.unwrap();
        })
        .await;
        let said = log.matches("a pepper that this node does not have").count();
        assert_eq!(said, 1, "{log}");
        assert!(log.contains("version=2"), "{log}");
        new.keys().delete("new").await.unwrap();
        for text in ["new", "nobody's"] {
            until_decided(&old, text, Err(Reason::UnknownKey)).await;
        }
    }
}

#[tokio::test]
async fn node_without_a_pepper_does_not_start_if_the_store_has_seen_one() {
    for shared in Shared::each().await {
        with(&[]).connect(&shared.url()).await.unwrap();
        with(&[2]).connect(&shared.url()).await.unwrap();
        let error = with(&[]).connect(&shared.url()).await.unwrap_err();
        assert!(lacks(&error, 2), "{error}");
        // A node with another pepper starts: no pepper is in use.
        with(&[1]).connect(&shared.url()).await.unwrap();
        let forget = "DELETE FROM api_key_pepper WHERE version > 0";
        shared.execute(forget).await;
        with(&[]).connect(&shared.url()).await.unwrap();
    }
}

#[tokio::test]
async fn keys_can_be_listed_archived_and_deleted_but_not_made_without_peppers() {
    for shared in Shared::each().await {
        let node = with(&[1]).connect(&shared.url()).await.unwrap();
        node.keys()
            .create(NewKey::new("a", "user").text("a"))
            .await
            .unwrap();
        let error = with(&[]).connect(&shared.url()).await.unwrap_err();
        assert!(lacks(&error, 1), "{error}");
        let without = with(&[]).allow_missing_peppers();
        let without = without.connect(&shared.url()).await.unwrap();
        let keys = without.keys();
        assert_eq!(listed(&without, &KeyFilter::new()).await.len(), 1);
        assert_eq!(verify(&without, "a").await, Err(Reason::Unavailable));
        for error in [
            keys.create(NewKey::new("b", "user")).await.unwrap_err(),
            keys.rotate("a", Duration::ZERO).await.unwrap_err(),
        ] {
            assert!(lacks(&error, 1), "{error}");
        }
        keys.archive("a").await.unwrap();
        until_decided(&node, "a", Err(Reason::ArchivedKey)).await;
        keys.delete("a").await.unwrap();
        assert_eq!(listed(&node, &KeyFilter::new()).await, []);
        let wrong = Authenticator::builder().pepper(1, "another of 0123456789");
        let wrong = wrong.allow_missing_peppers().connect(&shared.url()).await;
        let error = wrong.unwrap_err();
        assert!(matches!(
            error,
            Error::Pepper(PepperError::WrongPepper { version: 1 })
        ));
    }
}
