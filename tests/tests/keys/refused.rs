//! Data of a key that a database cannot keep: an error names it before the store sees it.

use auth_api_key::{Authenticator, Error, NewKey, error::InputError, key::KeyUpdate};
use serde_json::{Map, Value, json};
use tests::{GatedStore, over_each_store};

over_each_store! {
    error_names_a_text_that_no_index_can_hold
    error_names_metadata_that_no_database_can_keep
}

async fn error_names_a_text_that_no_index_can_hold(auth: Authenticator, _: GatedStore) {
    let long = |length: usize| "x".repeat(length);
    let key = || NewKey::new("key", "user");
    for (key, what) in [
        (NewKey::new(long(1001), "user"), "name"),
        (NewKey::new("key", long(2700)), "user"),
        (key().technical_name(long(1001)), "technical name"),
        (key().groups([long(1001)]), "group"),
    ] {
        let error = auth.keys().create(key).await.unwrap_err();
        assert!(
            matches!(&error, Error::Input(InputError::TooLong { what: named, .. }) if *named == what),
            "{error:?}"
        );
        let message = error.to_string();
        assert!(
            message.contains("at most 1000 bytes") && message.len() < 300,
            "{message}"
        );
    }
    let longest = key().groups([long(1000)]).technical_name(long(1000));
    auth.keys().create(longest).await.unwrap();
    let update = KeyUpdate::new().name(long(1001));
    auth.keys().update("key", update).await.unwrap_err();
    let update = KeyUpdate::new().name(long(1000)).user(long(1000));
    auth.keys().update("key", update).await.unwrap();
    auth.groups().put(&long(1001), "").await.unwrap_err();
    auth.groups().put("code", &long(1001)).await.unwrap_err();
    auth.groups().put("code", "a\0b").await.unwrap_err();
    assert_eq!(auth.keys().get("a\0b").await.unwrap(), None);
}

async fn error_names_metadata_that_no_database_can_keep(auth: Authenticator, _: GatedStore) {
    let mut deep = json!([]);
    for _ in 0..100 {
        deep = json!([deep]);
    }
    for value in [json!("a\0b"), json!([{"a\0b": 1}]), deep] {
        let metadata = Map::from_iter([("note".to_owned(), value)]);
        let key = NewKey::new("webshop", "user").metadata(metadata.clone());
        let error = auth.keys().create(key).await.unwrap_err();
        assert!(error.to_string().contains("\"webshop\""), "{error}");
        assert!(matches!(
            error,
            Error::Input(InputError::UnusableMetadata { .. })
        ));
        auth.keys()
            .create(NewKey::new("there", "user"))
            .await
            .unwrap();
        let update = KeyUpdate::new().metadata(metadata);
        auth.keys().update("there", update).await.unwrap_err();
        auth.keys().delete("there").await.unwrap();
    }
    let mut deep = Value::Null;
    for _ in 0..90 {
        deep = json!([deep]);
    }
    let metadata = Map::from_iter([("note".to_owned(), deep)]);
    let key = NewKey::new("webshop", "user").metadata(metadata.clone());
    auth.keys().create(key).await.unwrap();
    let read = auth.keys().get("webshop").await.unwrap().unwrap();
    assert_eq!(read.metadata, metadata);
}
