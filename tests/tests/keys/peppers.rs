//! Peppers: a node needs those that its keys were stored under, and no others.

use std::time::Duration;

use auth_api_key::{
    Authenticator, Builder, Error, NewKey,
    error::{PepperError, StateError},
};
use tests::{name_of, sqlite::File};

#[tokio::test]
async fn node_with_another_pepper_does_not_start() {
    let file = File::temporary();
    let url = file.url();
    let with = |version, pepper: &str| {
        Authenticator::builder()
            .pepper(version, pepper)
            .connect(&url)
    };
    let first = with(1, "first pepper 0123456789").await.unwrap();
    let old = first
        .keys()
        .create(NewKey::new("old", "user"))
        .await
        .unwrap();

    let error = with(1, "other pepper 0123456789").await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::Pepper(PepperError::WrongPepper { version: 1 })
        ),
        "{error}"
    );
    let error = with(2, "second pepper 0123456789").await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::Pepper(PepperError::MissingPepper { version: 1 })
        ),
        "{error}"
    );
    let error = Authenticator::connect(&file.url()).await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::Pepper(PepperError::MissingPepper { version: 1 })
        ),
        "{error}"
    );

    let both = Authenticator::builder()
        .pepper(1, "first pepper 0123456789")
        .pepper(2, "second pepper 0123456789");
    let both = both.connect(&file.url()).await.unwrap();
    let new = both
        .keys()
        .create(NewKey::new("new", "user"))
        .await
        .unwrap();
    assert_eq!(name_of(&both, old.secret.expose()).await.unwrap(), "old");
    assert_eq!(name_of(&both, new.secret.expose()).await.unwrap(), "new");
    let error = with(1, "first pepper 0123456789").await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::Pepper(PepperError::MissingPepper { version: 2 })
        ),
        "{error}"
    );
}

#[tokio::test]
async fn node_that_is_refused_leaves_nothing_behind() {
    let file = File::temporary();
    let url = file.url();
    let peppers = |first: &str, second: &str| {
        let builder = Authenticator::builder().pepper(1, first).pepper(2, second);
        builder.connect(&url)
    };
    let first = Authenticator::builder().pepper(1, "first pepper 0123456789");
    drop(first.connect(&url).await.unwrap());
    let error = peppers("mistyped pepper 0123456789", "also mistyped 0123456789")
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::Pepper(PepperError::WrongPepper { version: 1 })
        ),
        "{error}"
    );
    peppers("first pepper 0123456789", "second pepper 0123456789")
        .await
        .unwrap();
}

#[tokio::test]
async fn pepper_is_not_needed_when_every_key_was_rotated_away_from_it() {
    let file = File::temporary();
    let url = file.url();
    let with = |versions: &[u32]| {
        let builder = Authenticator::builder();
        let pepper = |builder: Builder, version: &u32| {
            builder.pepper(*version, format!("pepper {version} of 0123456789"))
        };
        versions.iter().fold(builder, pepper).connect(&url)
    };
    let auth = with(&[1]).await.unwrap();
    auth.keys().create(NewKey::new("a", "user")).await.unwrap();
    let auth = with(&[1, 2]).await.unwrap();
    let rotated = auth.keys().rotate("a", Duration::ZERO).await.unwrap();
    let auth = with(&[2]).await.unwrap();
    assert_eq!(name_of(&auth, rotated.secret.expose()).await.unwrap(), "a");
}

#[tokio::test]
async fn text_under_an_older_pepper_cannot_be_given_to_another_key() {
    let file = File::temporary();
    let auth = Authenticator::connect(&file.url()).await.unwrap();
    auth.keys()
        .create(NewKey::new("first", "user").text("swordfish"))
        .await
        .unwrap();
    let builder = Authenticator::builder().pepper(1, "a pepper of 0123456789");
    let auth = builder.connect(&file.url()).await.unwrap();
    let error = auth
        .keys()
        .create(NewKey::new("second", "user").text("swordfish"))
        .await
        .unwrap_err();
    assert!(
        matches!(&error, Error::State(StateError::TextTaken { holder, .. }) if holder == "first"),
        "{error}"
    );
}

#[tokio::test]
async fn keys_from_before_the_pepper_keep_working() {
    let file = File::temporary();
    let auth = Authenticator::connect(&file.url()).await.unwrap();
    let old = auth
        .keys()
        .create(NewKey::new("old", "user"))
        .await
        .unwrap();
    let builder = Authenticator::builder().pepper(1, "a pepper of 0123456789");
    let auth = builder.connect(&file.url()).await.unwrap();
    assert_eq!(name_of(&auth, old.secret.expose()).await.unwrap(), "old");
    let new = auth.keys().rotate("old", Duration::ZERO).await.unwrap();
    assert_eq!(name_of(&auth, new.secret.expose()).await.unwrap(), "old");
}
