//! What is changed of keys, users and groups, over each store, and what holds then.

use std::time::{Duration, Instant, SystemTime};

use auth_api_key::{
    Authenticator, Error, NewKey, Reason,
    error::{InputError, StateError},
    key::{Group, IpNet, KeyUpdate, Paging, has_valid_checksum},
};
use tests::{GatedStore, name_of, over_each_store};

over_each_store! {
    rotation_never_lengthens_a_life
    change_of_nobody_is_an_error
    updated_key_has_the_new_values_and_keeps_its_text
    update_takes_nobody_elses_name
    key_that_loses_its_expiry_works_again
    deleted_key_is_unknown_and_its_name_and_text_are_free
    archived_key_and_user_are_refused_until_they_are_taken_back
    group_admits_its_members_only
    deleted_group_admits_nobody
    neutralized_store_knows_no_text
    last_use_is_written_once_flushed
    rotation_that_is_undone_leaves_the_key_as_it_was
    rotation_that_is_finished_ends_the_older_texts_and_renews_the_lifetime
}

async fn rotation_never_lengthens_a_life(auth: Authenticator, _: GatedStore) {
    let created = auth
        .keys()
        .create(NewKey::new("a", "user").prefix("shop"))
        .await
        .unwrap();
    let old = created.secret.expose();
    let rotated = auth.keys().rotate("a", Duration::ZERO).await.unwrap();
    assert!(rotated.secret.expose().starts_with("shop_"));
    assert_eq!(rotated.record.id, created.record.id);
    assert_eq!(name_of(&auth, old).await, Err(Reason::UnknownKey));
    // Another rotation with an overlap must not bring the first text back.
    auth.keys()
        .rotate("a", Duration::from_secs(3600))
        .await
        .unwrap();
    assert_eq!(name_of(&auth, old).await, Err(Reason::UnknownKey));
    assert_eq!(name_of(&auth, rotated.secret.expose()).await.unwrap(), "a");

    let past = SystemTime::now() - Duration::from_secs(1);
    auth.keys()
        .create(NewKey::new("expired", "user").expires_at(past))
        .await
        .unwrap();
    let rotated = auth
        .keys()
        .rotate("expired", Duration::from_secs(3600))
        .await
        .unwrap();
    assert_eq!(
        name_of(&auth, rotated.secret.expose()).await,
        Err(Reason::ExpiredKey)
    );
}

async fn change_of_nobody_is_an_error(auth: Authenticator, _: GatedStore) {
    let no_key = |error: Error| assert_eq!(error.to_string(), "there is no key named \"x\"");
    no_key(auth.keys().archive("x").await.unwrap_err());
    no_key(auth.keys().unarchive("x").await.unwrap_err());
    no_key(auth.keys().rotate("x", Duration::ZERO).await.unwrap_err());
    for error in [
        auth.users().archive("x").await,
        auth.users().unarchive("x").await,
    ] {
        assert_eq!(
            error.unwrap_err().to_string(),
            "no key belongs to the user \"x\""
        );
    }
    assert!(auth.keys().get("x").await.unwrap().is_none());
}

async fn updated_key_has_the_new_values_and_keeps_its_text(auth: Authenticator, _: GatedStore) {
    let created = auth.keys().create(NewKey::new("a", "user")).await.unwrap();
    let text = created.secret.expose();
    assert_eq!(name_of(&auth, text).await.unwrap(), "a");
    let metadata = serde_json::json!({"contact": "shop@example.com", "tier": 3});
    let update = KeyUpdate::new()
        .name("b")
        .technical_name(Some("b_tech"))
        .networks(["10.0.0.0/8".parse().unwrap()])
        .metadata(metadata.as_object().unwrap().clone());
    let updated = auth.keys().update("a", update).await.unwrap();
    assert_eq!(updated.id, created.record.id);
    assert_eq!(updated.technical_name.as_deref(), Some("b_tech"));
    assert_eq!(updated.metadata["tier"], 3);

    assert_eq!(name_of(&auth, text).await, Err(Reason::UnknownNetwork));
    let inside = Some("10.1.2.3".parse().unwrap());
    let found = auth.verify(text, &[], inside).await.unwrap();
    assert_eq!(
        (found.name.as_str(), &found.metadata),
        ("b", &updated.metadata)
    );
    let nothing: [IpNet; 0] = [];
    let update = KeyUpdate::new()
        .networks(nothing)
        .technical_name(None::<String>);
    let updated = auth.keys().update("b", update).await.unwrap();
    assert_eq!(updated.technical_name, None);
    assert_eq!(name_of(&auth, text).await.unwrap(), "b");
    assert!(auth.keys().get("a").await.unwrap().is_none());
}

async fn update_takes_nobody_elses_name(auth: Authenticator, _: GatedStore) {
    auth.keys()
        .create(NewKey::new("a", "user").technical_name("tech"))
        .await
        .unwrap();
    auth.keys().create(NewKey::new("b", "user")).await.unwrap();
    let error = auth
        .keys()
        .update("b", KeyUpdate::new().name("a"))
        .await
        .unwrap_err();
    assert!(
        matches!(&error, Error::State(StateError::NameTaken { name }) if name == "a"),
        "{error}"
    );
    let update = KeyUpdate::new().technical_name(Some("tech"));
    for error in [
        auth.keys().update("b", update).await.unwrap_err(),
        auth.keys()
            .create(NewKey::new("c", "user").technical_name("tech"))
            .await
            .unwrap_err(),
    ] {
        let tech = |name: &str| name == "tech";
        assert!(
            matches!(&error, Error::State(StateError::TechnicalNameTaken { technical_name, .. }) if tech(technical_name)),
            "{error}"
        );
    }
    let error = auth.keys().update("x", KeyUpdate::new()).await.unwrap_err();
    assert!(
        matches!(error, Error::State(StateError::NoSuchKey { .. })),
        "{error}"
    );
    auth.keys()
        .update("a", KeyUpdate::new().name("a"))
        .await
        .unwrap();
}

async fn key_that_loses_its_expiry_works_again(auth: Authenticator, _: GatedStore) {
    let past = SystemTime::now() - Duration::from_secs(1);
    let created = auth
        .keys()
        .create(NewKey::new("a", "user").expires_at(past))
        .await
        .unwrap();
    let text = created.secret.expose();
    assert_eq!(name_of(&auth, text).await, Err(Reason::ExpiredKey));
    auth.keys()
        .update("a", KeyUpdate::new().expires_at(None))
        .await
        .unwrap();
    assert_eq!(name_of(&auth, text).await.unwrap(), "a");
    auth.keys()
        .update("a", KeyUpdate::new().expires_at(Some(past)))
        .await
        .unwrap();
    assert_eq!(name_of(&auth, text).await, Err(Reason::ExpiredKey));
}

async fn deleted_key_is_unknown_and_its_name_and_text_are_free(auth: Authenticator, _: GatedStore) {
    let key = || NewKey::new("a", "user").text("swordfish").groups(["shop"]);
    let first = auth.keys().create(key()).await.unwrap();
    assert_eq!(name_of(&auth, "swordfish").await.unwrap(), "a");
    assert_eq!(auth.keys().delete("a").await.unwrap().id, first.record.id);
    assert_eq!(name_of(&auth, "swordfish").await, Err(Reason::UnknownKey));
    let second = auth.keys().create(key()).await.unwrap();
    assert!(second.record.id > first.record.id);
    assert_eq!(name_of(&auth, "swordfish").await.unwrap(), "a");
    auth.keys().delete("a").await.unwrap();
    let error = auth.keys().delete("a").await.unwrap_err();
    assert!(
        matches!(error, Error::State(StateError::NoSuchKey { .. })),
        "{error}"
    );
}

async fn archived_key_and_user_are_refused_until_they_are_taken_back(
    auth: Authenticator,
    _: GatedStore,
) {
    for name in ["a", "b"] {
        auth.keys()
            .create(NewKey::new(name, "user").text(name))
            .await
            .unwrap();
    }
    assert_eq!(name_of(&auth, "a").await.unwrap(), "a");
    assert!(!auth.keys().archive("a").await.unwrap().active);
    assert_eq!(name_of(&auth, "a").await, Err(Reason::ArchivedKey));
    assert!(auth.keys().unarchive("a").await.unwrap().active);
    assert_eq!(name_of(&auth, "a").await.unwrap(), "a");

    let keys = auth.users().archive("user").await.unwrap();
    assert_eq!(keys.len(), 2);
    assert!(keys.iter().all(|key| !key.user_active));
    assert_eq!(name_of(&auth, "a").await, Err(Reason::ArchivedUser));
    let created = auth
        .keys()
        .create(NewKey::new("c", "user").text("c"))
        .await
        .unwrap();
    assert!(!created.record.user_active);
    assert_eq!(name_of(&auth, "c").await, Err(Reason::ArchivedUser));
    auth.users().unarchive("user").await.unwrap();
    assert_eq!(name_of(&auth, "c").await.unwrap(), "c");
}

async fn group_admits_its_members_only(auth: Authenticator, _: GatedStore) {
    for name in ["a", "b"] {
        auth.keys()
            .create(NewKey::new(name, "user").text(name))
            .await
            .unwrap();
    }
    let error = auth.groups().add("shop", "a").await.unwrap_err();
    assert!(
        matches!(&error, Error::State(StateError::NoSuchGroup { code }) if code == "shop"),
        "{error}"
    );
    auth.groups().put("shop", "Shops").await.unwrap();
    let shop = async |text| auth.verify(text, &["shop"], None).await.map(|key| key.id);
    assert_eq!(shop("a").await, Err(Reason::ForbiddenGroup));
    let member = auth.groups().add("shop", "a").await.unwrap();
    assert_eq!(member.groups, ["shop"]);
    auth.groups().add("shop", "a").await.unwrap();
    assert_eq!(shop("a").await, Ok(member.id));
    assert_eq!(shop("b").await, Err(Reason::ForbiddenGroup));

    auth.groups().put("shop", "All shops").await.unwrap();
    auth.groups().put("empty", "").await.unwrap();
    let groups = auth.groups().list(&Paging::new()).await.unwrap().items;
    assert_eq!(
        groups,
        [
            Group::new("empty", "", 0),
            Group::new("shop", "All shops", 1)
        ]
    );
    assert!(
        auth.groups()
            .remove("shop", "a")
            .await
            .unwrap()
            .groups
            .is_empty()
    );
    assert_eq!(shop("a").await, Err(Reason::ForbiddenGroup));
    let error = auth.groups().add("shop", "x").await.unwrap_err();
    assert!(
        matches!(error, Error::State(StateError::NoSuchKey { .. })),
        "{error}"
    );
    let error = auth.groups().put(" ", "").await.unwrap_err();
    assert!(
        matches!(error, Error::Input(InputError::UnusableCode { .. })),
        "{error}"
    );
}

async fn deleted_group_admits_nobody(auth: Authenticator, _: GatedStore) {
    let created = auth
        .keys()
        .create(NewKey::new("a", "user").text("a").groups(["shop", "erp"]))
        .await
        .unwrap();
    auth.verify("a", &["shop"], None).await.unwrap();
    assert_eq!(
        auth.groups().delete("shop").await.unwrap()[0].id,
        created.record.id
    );
    let refused = auth.verify("a", &["shop"], None).await.unwrap_err();
    assert_eq!(refused, Reason::ForbiddenGroup);
    auth.verify("a", &["erp"], None).await.unwrap();
    let error = auth.groups().delete("shop").await.unwrap_err();
    assert!(
        matches!(error, Error::State(StateError::NoSuchGroup { .. })),
        "{error}"
    );
}

async fn neutralized_store_knows_no_text(auth: Authenticator, _: GatedStore) {
    let created = auth.keys().create(NewKey::new("a", "user")).await.unwrap();
    assert_eq!(name_of(&auth, created.secret.expose()).await.unwrap(), "a");
    auth.maintenance().neutralize().await.unwrap();
    assert_eq!(
        name_of(&auth, created.secret.expose()).await,
        Err(Reason::UnknownKey)
    );
    let key = auth.keys().get("a").await.unwrap().unwrap();
    assert_eq!((key.active, key.hint.to_string()), (false, String::new()));
}

async fn last_use_is_written_once_flushed(auth: Authenticator, _: GatedStore) {
    for name in ["used", "refused", "deleted"] {
        auth.keys()
            .create(NewKey::new(name, "user").text(name))
            .await
            .unwrap();
    }
    let before = SystemTime::now() - Duration::from_millis(1);
    name_of(&auth, "used").await.unwrap();
    name_of(&auth, "deleted").await.unwrap();
    auth.verify("refused", &["shop"], None).await.unwrap_err();
    auth.keys().delete("deleted").await.unwrap();
    auth.flush().await;
    let used = async |name| auth.keys().get(name).await.unwrap().unwrap().last_used_at;
    let first = used("used").await.unwrap();
    assert!(first > before && first <= SystemTime::now(), "{first:?}");
    assert_eq!(used("refused").await, None);
    // Within a minute it is not written again, even if it has to be looked up again.
    auth.keys().archive("used").await.unwrap();
    auth.keys().unarchive("used").await.unwrap();
    name_of(&auth, "used").await.unwrap();
    auth.flush().await;
    assert_eq!(used("used").await, Some(first));
}

async fn rotation_that_is_undone_leaves_the_key_as_it_was(auth: Authenticator, _: GatedStore) {
    let (keys, day) = (auth.keys(), Duration::from_secs(24 * 60 * 60));
    let month = SystemTime::now() + 30 * day;
    let key = NewKey::new("a", "user").expires_at(month);
    let created = keys.create(key).await.unwrap();
    let old = created.secret.expose();
    auth.advance(10 * day);
    let before = keys.get("a").await.unwrap().unwrap();
    let rotation = keys.begin_rotation("a").await.unwrap();
    let lost = rotation.created().secret.expose().to_owned();
    for text in [old, &lost] {
        assert_eq!(name_of(&auth, text).await.unwrap(), "a");
    }
    let found = keys.get("a").await.unwrap().unwrap();
    assert_eq!(found.expires_at, created.record.expires_at);
    let mut after = rotation.undo().await.unwrap();
    after.last_used_at = before.last_used_at;
    assert_eq!(after, before);
    assert_eq!(name_of(&auth, old).await.unwrap(), "a");
    assert_eq!(name_of(&auth, &lost).await, Err(Reason::UnknownKey));
}

async fn rotation_that_is_finished_ends_the_older_texts_and_renews_the_lifetime(
    auth: Authenticator,
    _: GatedStore,
) {
    let (keys, day) = (auth.keys(), Duration::from_secs(24 * 60 * 60));
    let month = SystemTime::now() + 30 * day;
    let key = NewKey::new("a", "user").expires_at(month);
    let created = keys.create(key).await.unwrap();
    let lifetime = created.record.lifetime();
    let old = created.secret.expose();
    auth.advance(10 * day);
    let rotation = keys.begin_rotation("a").await.unwrap();
    let new = rotation.created().secret.expose().to_owned();
    let shown = rotation.created().record.clone();
    assert_eq!(rotation.finish(100 * day).await.unwrap(), shown);
    assert_eq!(shown.lifetime(), lifetime);
    // The text before ends with the lifetime that it had.
    auth.advance(19 * day);
    assert_eq!(name_of(&auth, old).await.unwrap(), "a");
    auth.advance(2 * day);
    assert_eq!(name_of(&auth, old).await, Err(Reason::ExpiredKey));
    assert_eq!(name_of(&auth, &new).await.unwrap(), "a");

    let rotation = keys.begin_rotation("a").await.unwrap();
    let newest = rotation.created().secret.expose().to_owned();
    rotation.finish(Duration::ZERO).await.unwrap();
    assert_eq!(name_of(&auth, &newest).await.unwrap(), "a");
    assert_eq!(name_of(&auth, &new).await, Err(Reason::UnknownKey));
}

/// Many keys that come one after the other cost no transaction each.
#[tokio::test]
async fn last_uses_are_gathered_for_a_second() {
    let (auth, store) = GatedStore::default().node().await;
    let names: Vec<String> = (0..500).map(|at| format!("key-{at}")).collect();
    let key = |name: &String| NewKey::new(name, "user").text(name.clone());
    auth.keys().create_all(names.iter().map(key)).await.unwrap();
    let began = Instant::now();
    for name in &names {
        name_of(&auth, name).await.unwrap();
        // What writes them has its turn.
        tokio::task::yield_now().await;
    }
    let seconds = began.elapsed().as_secs() as usize;
    assert!(store.recorded() <= 2 + seconds, "{}", store.recorded());
    auth.flush().await;
    for name in &names {
        let key = auth.keys().get(name).await.unwrap().unwrap();
        assert!(key.last_used_at.is_some());
    }
}

#[tokio::test]
async fn imported_key_with_a_foreign_prefix_is_rotated_to_a_usable_one() {
    let (auth, _) = GatedStore::default().node().await;
    // As issued elsewhere: a prefix of more than 16 characters, and the right checksum.
    let text = "a_rather_long_prefix_ABCDEFGHIJKLMNOPQRSTUVWXYZ0123454Vpog5";
    assert!(has_valid_checksum(text));
    auth.keys()
        .create(NewKey::new("a", "user").text(text))
        .await
        .unwrap();
    let rotated = auth.keys().rotate("a", Duration::ZERO).await.unwrap();
    assert_eq!(name_of(&auth, rotated.secret.expose()).await.unwrap(), "a");
}
