//! How long keys live: what they are given, how long at most, what a rotation renews, and what is said
//! before they expire or when nobody uses them.

use std::time::{Duration, SystemTime};

use auth_api_key::{
    Authenticator, Builder, Error, NewKey, Reason,
    error::{InputError, StateError},
    key::{KeyFilter, KeyRecord, KeyUpdate},
};
use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use tests::{
    GatedStore, Log, cluster::Shared, name_of, over_each_database, over_each_store, until,
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

mod settings {
    use super::*;

    over_each_store! {
        key_without_an_expiry_gets_the_default
        expiry_beyond_the_maximum_is_an_error_wherever_it_is_given
        rotation_renews_the_lifetime_that_the_key_was_given
    }
}

mod unused {
    use super::*;

    over_each_database! {
        keys_that_were_not_used_for_long_are_distinguished_from_those_that_may_have_been
        recording_of_uses_begins_with_the_first_use_and_again_after_a_week_without_one
    }
}

fn builder() -> Builder {
    Authenticator::builder()
        .default_lifetime(90 * DAY)
        .max_lifetime(365 * DAY)
}

fn key(name: &str) -> NewKey {
    NewKey::new(name, "user").text(name)
}

/// How long a key lives from now on, in days.
fn days(key: &KeyRecord) -> u64 {
    let left = key.expires_at.unwrap().duration_since(SystemTime::now());
    (left.unwrap() + DAY / 2).as_secs() / DAY.as_secs()
}

async fn key_without_an_expiry_gets_the_default(_: Authenticator, store: GatedStore) {
    let auth = builder().build(store).await.unwrap();
    let keys = auth.keys();
    assert_eq!(days(&keys.create(key("a")).await.unwrap().record), 90);
    let given = key("b").expires_at(SystemTime::now() + 7 * DAY);
    let created = keys.create_all([given, key("c")]).await.unwrap();
    assert_eq!(
        created
            .iter()
            .map(|key| days(&key.record))
            .collect::<Vec<_>>(),
        [7, 90]
    );
    for name in ["a", "b", "c"] {
        let lifetime = keys.get(name).await.unwrap().unwrap().lifetime().unwrap();
        let [least, most] = [lifetime - DAY / 2, lifetime + DAY / 2];
        let expected = if name == "b" { 7 * DAY } else { 90 * DAY };
        assert!((least..most).contains(&expected), "{name}: {lifetime:?}");
    }
    // Without a maximum, it can be taken away.
    let lenient = Authenticator::builder().default_lifetime(90 * DAY);
    let lenient = lenient.build(GatedStore::default()).await.unwrap();
    lenient.keys().create(key("a")).await.unwrap();
    let never = KeyUpdate::new().expires_at(None);
    assert_eq!(
        lenient.keys().update("a", never).await.unwrap().expires_at,
        None
    );
    assert_eq!(
        days(&lenient.keys().rotate("a", DAY).await.unwrap().record),
        90
    );
}

async fn expiry_beyond_the_maximum_is_an_error_wherever_it_is_given(
    own: Authenticator,
    store: GatedStore,
) {
    // Made before there was a maximum.
    let now = SystemTime::now();
    own.keys().create(key("for ever")).await.unwrap();
    own.keys()
        .create(key("for long").expires_at(now + 900 * DAY))
        .await
        .unwrap();
    let auth = Authenticator::builder().max_lifetime(365 * DAY);
    let auth = auth.build(store).await.unwrap();
    let keys = auth.keys();
    keys.create(key("a").expires_at(now + 364 * DAY))
        .await
        .unwrap();
    let too_long = now + 366 * DAY;
    let errors = [
        keys.create(key("b")).await.map(drop),
        keys.create(key("b").expires_at(too_long)).await.map(drop),
        keys.create_all([
            key("c").expires_at(now + DAY),
            key("b").expires_at(too_long),
        ])
        .await
        .map(drop),
        keys.update("a", KeyUpdate::new().expires_at(Some(too_long)))
            .await
            .map(drop),
        keys.update("a", KeyUpdate::new().expires_at(None))
            .await
            .map(drop),
        keys.rotate("for ever", DAY).await.map(drop),
        keys.rotate("for long", DAY).await.map(drop),
    ];
    for (at, error) in errors.into_iter().enumerate() {
        let error = error.unwrap_err();
        assert!(
            matches!(error, Error::Input(InputError::BeyondMaxLifetime { .. })),
            "{at}: {error}"
        );
        let named = match at {
            0..=2 => "key \"b\"",
            3..=4 => "key \"a\"",
            5 => "key \"for ever\" would expire never",
            _ => "key \"for long\"",
        };
        assert!(error.to_string().contains(named), "{at}: {error}");
        assert!(error.to_string().contains("365 days"), "{at}: {error}");
    }
    for name in ["b", "c"] {
        assert_eq!(keys.get(name).await.unwrap(), None);
    }
    // Whoever changes something else is not asked for another expiry; and a shorter one makes it usable.
    keys.update("for ever", KeyUpdate::new().groups(["shop"]))
        .await
        .unwrap();
    for name in ["for ever", "for long"] {
        assert_eq!(name_of(&auth, name).await.unwrap(), name);
        keys.update(name, KeyUpdate::new().expires_at(Some(now + 30 * DAY)))
            .await
            .unwrap();
        assert_eq!(days(&keys.rotate(name, DAY).await.unwrap().record), 30);
    }
    // In a year that is not written with four digits.
    let far = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000_000);
    let update = KeyUpdate::new().expires_at(Some(far));
    let said = keys.update("a", update).await.unwrap_err().to_string();
    assert!(said.contains(" 1000000000000 seconds after "), "{said}");
}

async fn rotation_renews_the_lifetime_that_the_key_was_given(auth: Authenticator, _: GatedStore) {
    let keys = auth.keys();
    let year = SystemTime::now() + 365 * DAY;
    keys.create(key("a").expires_at(year)).await.unwrap();
    keys.create(key("for ever")).await.unwrap();
    auth.advance(300 * DAY);
    let rotated = keys.rotate("a", 100 * DAY).await.unwrap();
    assert_eq!(days(&rotated.record), 665);
    assert_eq!(
        keys.rotate("for ever", DAY)
            .await
            .unwrap()
            .record
            .expires_at,
        None
    );
    // The text before ends with the lifetime that it had.
    let new = rotated.secret.expose();
    auth.advance(64 * DAY);
    assert_eq!(name_of(&auth, "a").await.unwrap(), "a");
    auth.advance(2 * DAY);
    assert_eq!(name_of(&auth, "a").await, Err(Reason::ExpiredKey));
    assert_eq!(name_of(&auth, new).await.unwrap(), "a");
    // Also of a key that has expired; and that which it was given last.
    auth.advance(400 * DAY);
    assert_eq!(name_of(&auth, new).await, Err(Reason::ExpiredKey));
    let rotated = keys.rotate("a", Duration::ZERO).await.unwrap();
    assert_eq!(days(&rotated.record), 766 + 365);
    assert_eq!(name_of(&auth, rotated.secret.expose()).await.unwrap(), "a");
    let shorter = SystemTime::now() + (766 + 30) * DAY;
    keys.update("a", KeyUpdate::new().expires_at(Some(shorter)))
        .await
        .unwrap();
    auth.advance(10 * DAY);
    let rotated = keys.rotate("a", Duration::ZERO).await.unwrap();
    assert_eq!(days(&rotated.record), 776 + 30);
}

#[tokio::test]
async fn lifetimes_that_cannot_be_used_are_refused() {
    for builder in [
        Authenticator::builder().max_lifetime(Duration::ZERO),
        Authenticator::builder().default_lifetime(Duration::from_millis(999)),
        Authenticator::builder().default_lifetime(36_501 * DAY),
        Authenticator::builder()
            .default_lifetime(2 * DAY)
            .max_lifetime(DAY),
    ] {
        let error = builder.build(GatedStore::default()).await.unwrap_err();
        assert!(
            matches!(error, Error::Input(InputError::UnusableSetting { .. })),
            "{error}"
        );
    }
}

#[tokio::test]
async fn key_in_use_that_expires_soon_is_warned_of_once_a_day_and_measured() {
    let log = Log::of_process();
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let auth = {
        let _recording = metrics::set_default_local_recorder(&recorder);
        Authenticator::builder()
            .build(GatedStore::reported_by_hand())
            .await
            .unwrap()
    };
    let next_expiry = || {
        let seen = snapshotter.snapshot().into_vec();
        let named = |name: &str| name == "auth_api_key_next_expiry_seconds";
        seen.into_iter()
            .find(|(key, ..)| named(key.key().name()))
            .map(|(.., value)| value)
    };
    let keys = auth.keys();
    let now = SystemTime::now();
    for (name, days) in [("warned of", 20), ("not in use", 20), ("in a year", 365)] {
        keys.create(key(name).expires_at(now + days * DAY))
            .await
            .unwrap();
    }
    for name in ["warned of", "in a year"] {
        name_of(&auth, name).await.unwrap();
    }
    let is = async |days: u32| {
        let seconds = f64::from(days) * DAY.as_secs_f64();
        let measured = async || match next_expiry() {
            Some(DebugValue::Gauge(left)) => (*left - seconds).abs() < 3600.0,
            _ => false,
        };
        until(measured, true, "a round").await;
    };
    let times = || {
        log.text()
            .matches("key.name=\"warned of\" key.hint= expires_at=")
            .count()
    };
    auth.advance(Duration::from_secs(60));
    is(20).await;
    assert_eq!(times(), 0);
    // The cache may have been emptied in between.
    for (days, warned) in [(7, 1), (0, 1), (1, 2)] {
        auth.advance(days * DAY + Duration::from_secs(60));
        name_of(&auth, "warned of").await.unwrap();
        auth.advance(Duration::from_secs(60));
        until(async || times(), warned, "a round").await;
    }
    is(12).await;
    assert!(
        !log.text()
            .contains("key.name=\"not in use\" key.hint= expires_at=")
    );
    assert!(
        !log.text()
            .contains("key.name=\"in a year\" key.hint= expires_at=")
    );
}

async fn keys_that_were_not_used_for_long_are_distinguished_from_those_that_may_have_been(
    shared: Shared,
) {
    let auth = Authenticator::connect(&shared.url()).await.unwrap();
    let names = [
        "used",
        "unused",
        "never used",
        "new",
        "renewed",
        "archived",
        "expired",
    ];
    auth.keys().create_all(names.map(key)).await.unwrap();
    let since = SystemTime::now() - 90 * DAY;
    let unused = async || {
        let page = auth.keys().unused(since, &KeyFilter::new()).await?;
        Ok::<_, Error>(
            page.items
                .into_iter()
                .map(|key| key.name)
                .collect::<Vec<_>>(),
        )
    };
    let recorded = async |since: SystemTime, last: SystemTime| {
        let [since, last] = [since, last].map(|time| {
            time.duration_since(SystemTime::UNIX_EPOCH)
                .unwrap()
                .as_millis()
        });
        let sql = format!("UPDATE api_key_recording SET since = {since}, last_at = {last}");
        shared.execute(&sql).await;
    };
    let ago = |days: u64| {
        let time = SystemTime::now() - Duration::from_secs(days * DAY.as_secs());
        time.duration_since(SystemTime::UNIX_EPOCH)
            .unwrap()
            .as_millis()
    };
    shared
        .execute(&format!(
            "UPDATE api_key SET created_at = {old}, renewed_at = {old} WHERE name <> 'new';
             UPDATE api_key SET renewed_at = {recent} WHERE name = 'renewed';
             UPDATE api_key SET active = FALSE WHERE name = 'archived';
             UPDATE api_key SET expires_at = 1 WHERE name = 'expired';
             UPDATE api_key_use SET used_at = {recent}
                 WHERE key_id = (SELECT id FROM api_key WHERE name = 'used');
             UPDATE api_key_use SET used_at = {before}
                 WHERE key_id = (SELECT id FROM api_key WHERE name = 'unused')",
            old = ago(400),
            recent = ago(3),
            before = ago(100),
        ))
        .await;
    // It has only just begun; it began within the time; nothing was recorded for long.
    let now = SystemTime::now();
    for (since, last) in [
        (now, now),
        (now - 89 * DAY, now),
        (now - 400 * DAY, now - 8 * DAY),
    ] {
        recorded(since, last).await;
        let error = unused().await.unwrap_err();
        assert!(
            matches!(error, Error::State(StateError::UsesNotRecorded { .. })),
            "{error}"
        );
    }
    recorded(now - 91 * DAY, now - 6 * DAY).await;
    assert_eq!(unused().await.unwrap(), ["never used", "unused"]);
    // A rotation also renews a key that never expires.
    auth.keys().rotate("unused", DAY).await.unwrap();
    assert_eq!(unused().await.unwrap(), ["never used"]);
}

async fn recording_of_uses_begins_with_the_first_use_and_again_after_a_week_without_one(
    shared: Shared,
) {
    let auth = Authenticator::connect(&shared.url()).await.unwrap();
    let keys = auth.keys();
    keys.create_all(["a", "b"].map(key)).await.unwrap();
    let recorded = async || {
        let store = shared.store().await;
        auth_api_key::store::KeyStore::uses_recorded_since(&store)
            .await
            .unwrap()
    };
    // To make a key is not to use it.
    assert_eq!(recorded().await, None);
    let before = SystemTime::now() - Duration::from_secs(2);
    name_of(&auth, "a").await.unwrap();
    auth.flush().await;
    let begun = recorded().await.unwrap();
    assert!((before..=SystemTime::now()).contains(&begun), "{begun:?}");
    let moved = async |days: u64| {
        let millis = days * 24 * 60 * 60 * 1000;
        let sql = format!(
            "UPDATE api_key_recording SET since = since - {millis}, last_at = last_at - {millis};
             UPDATE api_key_use SET used_at = used_at + 120000 WHERE used_at > 0"
        );
        shared.execute(&sql).await;
        begun - Duration::from_secs(days * 24 * 60 * 60)
    };
    // Six days without a use, and eight.
    assert_eq!(moved(6).await, recorded().await.unwrap());
    moved(8).await;
    let anew = recorded().await.unwrap();
    assert!(anew >= before, "{anew:?}");
}
