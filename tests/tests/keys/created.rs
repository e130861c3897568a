//! Creating keys, over each store: the store keeps all data of a key, and an error names what it cannot
//! keep.

use std::time::{Duration, SystemTime};

use auth_api_key::{Authenticator, Error, NewKey, Reason, error::StateError, key::KeyFilter};
use tests::{GatedStore, listed, name_of, over_each_store};

over_each_store! {
    created_key_is_found_with_all_its_data
    given_text_works_as_the_key
    second_key_with_a_name_is_an_error_that_has_the_name
    second_key_with_a_text_is_an_error_that_names_the_first
    error_names_unusable_input_and_nothing_is_stored
    many_keys_are_created_together_or_not_at_all
    keys_are_listed_by_name
}

async fn created_key_is_found_with_all_its_data(auth: Authenticator, _: GatedStore) {
    let expiry = SystemTime::now() + Duration::from_secs(3600);
    let key = NewKey::new("webshop", "user-7")
        .prefix("shop")
        .groups(["shop", "erp", "shop"])
        .networks([
            "10.0.0.0/8".parse().unwrap(),
            "2001:db8::/32".parse().unwrap(),
        ])
        .expires_at(expiry);
    let created = auth.keys().create(key).await.unwrap();
    let text = created.secret.expose();
    assert_eq!(
        auth.keys().get("webshop").await.unwrap().unwrap(),
        created.record
    );
    let address = Some("10.1.2.3".parse().unwrap());
    let found = auth.verify(text, &["erp"], address).await.unwrap();
    assert_eq!(*found, created.record);

    assert_eq!(
        (found.name.as_str(), found.user.as_str()),
        ("webshop", "user-7")
    );
    assert_eq!(found.groups, ["erp", "shop"]);
    assert_eq!(found.networks.len(), 2);
    assert!((found.active, found.user_active) == (true, true));
    let lost = expiry.duration_since(found.expires_at.unwrap()).unwrap();
    assert!(
        lost < Duration::from_millis(1),
        "stores keep milliseconds, and lost {lost:?}"
    );
    assert_eq!(
        found.hint.to_string(),
        format!("shop_…{}", &text[text.len() - 4..])
    );
}

async fn given_text_works_as_the_key(auth: Authenticator, _: GatedStore) {
    for (name, text) in [
        ("typed", "dup-key"),
        ("blank", "with a blank"),
        ("umlaut", "schlüssel"),
    ] {
        let created = auth
            .keys()
            .create(NewKey::new(name, "user").text(text))
            .await
            .unwrap();
        assert_eq!(
            (created.secret.expose(), created.record.hint.to_string()),
            (text, String::new())
        );
        assert_eq!(name_of(&auth, text).await.unwrap(), name);
    }
}

async fn second_key_with_a_name_is_an_error_that_has_the_name(auth: Authenticator, _: GatedStore) {
    let first = auth
        .keys()
        .create(NewKey::new("webshop", "user"))
        .await
        .unwrap();
    let error = auth
        .keys()
        .create(NewKey::new("webshop", "other"))
        .await
        .unwrap_err();
    assert!(
        matches!(&error, Error::State(StateError::NameTaken { name }) if name == "webshop"),
        "{error}"
    );
    assert_eq!(
        name_of(&auth, first.secret.expose()).await.unwrap(),
        "webshop"
    );
    assert_eq!(
        listed(&auth, &KeyFilter::new()).await[0].user,
        first.record.user
    );
}

async fn second_key_with_a_text_is_an_error_that_names_the_first(
    auth: Authenticator,
    _: GatedStore,
) {
    auth.keys()
        .create(NewKey::new("first", "user").text("dup-key"))
        .await
        .unwrap();
    let error = auth
        .keys()
        .create(NewKey::new("second", "user").text("dup-key"))
        .await
        .unwrap_err();
    let named = |name: &str, holder: &str| name == "second" && holder == "first";
    assert!(
        matches!(&error, Error::State(StateError::TextTaken { name, holder }) if named(name, holder)),
        "{error}"
    );
    assert!(!error.to_string().contains("dup-key"));
    assert!(auth.keys().get("second").await.unwrap().is_none());
}

async fn error_names_unusable_input_and_nothing_is_stored(auth: Authenticator, _: GatedStore) {
    let key = || NewKey::new("webshop", "user");
    let far = SystemTime::now() + Duration::from_secs(1_000_000_000_000);
    for (key, named) in [
        (NewKey::new("", "user"), "cannot be named"),
        (NewKey::new(" ", "user"), "cannot be named"),
        (
            NewKey::new("webshop", ""),
            "\"webshop\" cannot act for the user \"\"",
        ),
        (key().text(""), "\"webshop\" has an empty text"),
        (key().text(" x"), "\"webshop\" begins or ends with a blank"),
        (
            key().text("a\u{1}b"),
            "\"webshop\" holds a control character",
        ),
        (
            key().groups(["shop", ""]),
            "\"webshop\" cannot be in a group with the code",
        ),
        (
            key().prefix("no blanks"),
            "\"no blanks\" cannot be a key's prefix",
        ),
        (key().expires_at(far), "is out of range"),
        (
            key().expires_at(SystemTime::UNIX_EPOCH - Duration::from_secs(1)),
            "is out of range",
        ),
    ] {
        let error = auth.keys().create(key).await.unwrap_err().to_string();
        assert!(error.contains(named), "{error}");
    }
    assert_eq!(listed(&auth, &KeyFilter::new()).await, []);
}

async fn many_keys_are_created_together_or_not_at_all(auth: Authenticator, _: GatedStore) {
    let many = |suffix: &'static str| {
        (0..2500).map(move |n| {
            NewKey::new(format!("{n}{suffix}"), format!("user-{}", n % 7))
                .text(format!("text-{n}{suffix}"))
                .groups([format!("group-{}", n % 3)])
        })
    };
    let created = auth.keys().create_all(many("a")).await.unwrap();
    assert_eq!(created.len(), 2500);
    assert_eq!(created[2499].record.name, "2499a");
    assert_eq!(name_of(&auth, "text-2499a").await.unwrap(), "2499a");
    let found = auth.verify("text-1201a", &["group-1"], None).await.unwrap();
    assert_eq!(
        (found.id, found.user.as_str()),
        (created[1201].record.id, "user-4")
    );

    let taken = NewKey::new("last", "user").text("text-7a");
    let error = auth
        .keys()
        .create_all(many("b").chain([taken]))
        .await
        .unwrap_err();
    let named = |name: &str, holder: &str| name == "last" && holder == "7a";
    assert!(
        matches!(&error, Error::State(StateError::TextTaken { name, holder }) if named(name, holder)),
        "{error}"
    );
    let twice = [NewKey::new("twice", "user"), NewKey::new("twice", "user")];
    let error = auth.keys().create_all(twice).await.unwrap_err();
    assert!(
        matches!(&error, Error::State(StateError::NameTaken { name }) if name == "twice"),
        "{error}"
    );
    assert_eq!(auth.keys().count(&KeyFilter::new()).await.unwrap(), 2500);
    assert_eq!(name_of(&auth, "text-7b").await, Err(Reason::UnknownKey));
}

async fn keys_are_listed_by_name(auth: Authenticator, _: GatedStore) {
    for name in ["b", "c", "a"] {
        auth.keys().create(NewKey::new(name, "user")).await.unwrap();
    }
    auth.keys().archive("b").await.unwrap();
    auth.keys()
        .rotate("c", Duration::from_secs(60))
        .await
        .unwrap();
    let keys = listed(&auth, &KeyFilter::new()).await;
    let listed: Vec<_> = keys
        .iter()
        .map(|key| (key.name.as_str(), key.active))
        .collect();
    assert_eq!(listed, [("a", true), ("b", false), ("c", true)]);
}
