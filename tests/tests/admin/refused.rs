//! Whoever guesses keys must wait, and the trail says from where they did.

use std::time::Duration;

use auth_api_key::{Authenticator, NewKey, key::TrailFilter};
use futures_util::future::join_all;
use reqwest::StatusCode;
use serde_json::json;
use tests::{GatedStore, Log, cluster::Shared, over_each_database, until};

use crate::{
    access::key,
    visitor::{Page, Visitor, pages},
};

over_each_database! {
    address_that_sends_too_many_wrong_keys_waits_and_no_other_does
}

async fn signs_in(visitor: &Visitor, address: &str, key: &str) -> Page {
    let form = visitor.get("sign-in").await.form();
    let request = visitor.form("sign-in", &form, &[("key", key)]);
    let request = request
        .header("sec-fetch-site", "same-origin")
        .header("x-forwarded-for", address);
    visitor.send(request).await
}

async fn address_that_sends_too_many_wrong_keys_waits_and_no_other_does(shared: Shared) {
    let builder = Authenticator::builder().proxies(["127.0.0.1/32".parse().unwrap()]);
    let auth = builder.build(shared.store().await).await.unwrap();
    let manager = key(&auth.keys(), "manager", &["managers"]).await;
    let shop = key(&auth.keys(), "shop", &["shop"]).await;
    let server = pages(&auth).await;
    let visitor = Visitor::of(&server);
    let log = Log::of_process();
    for number in 0..10 {
        for (address, wrong) in [
            ("192.0.2.1".to_owned(), "wrong-key-of-somebody"),
            // All of them are one network.
            (format!("2001:db8::{number}"), shop.as_str()),
        ] {
            let refused = signs_in(&visitor, &address, wrong).await;
            assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{address}");
        }
    }
    for (address, must_wait) in [
        ("192.0.2.1", true),
        ("2001:db8::ffff:1", true),
        ("2001:db8:0:1::1", false),
        ("192.0.2.2", false),
    ] {
        let answer = signs_in(&visitor, address, "wrong-key-of-somebody").await;
        match must_wait {
            true => {
                assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{address}");
                assert!(answer.has("Try again in a minute."), "{}", answer.body);
                let seconds = answer.headers["retry-after"].to_str().unwrap();
                let seconds: u64 = seconds.parse().unwrap();
                assert!((1..=61).contains(&seconds), "{seconds}");
            }
            false => assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{address}"),
        }
        // Nobody guesses an issued text, so whoever has one does not wait.
        let answer = signs_in(&visitor, address, &manager).await;
        assert_eq!(answer.location(), "keys", "{address}");
    }
    auth.advance(Duration::from_secs(60));
    let trail = || async {
        let trail = auth.maintenance().trail(&TrailFilter::new()).await.unwrap();
        let refused = trail.items.into_iter();
        refused
            .filter(|event| event.action == "sign-in refused")
            .collect::<Vec<_>>()
    };
    until(async || trail().await.len(), 1, "the minute").await;
    let events = trail().await;
    assert_eq!(events.len(), 1, "{events:?}");
    let addresses = json!([
        {"address": "192.0.2.1", "refused": 11},
        {"address": "2001:db8::/64", "refused": 11},
        {"address": "192.0.2.2", "refused": 1},
        {"address": "2001:db8:0:1::/64", "refused": 1},
    ]);
    assert_eq!(events[0].changed["addresses"], json!({"added": addresses}));
    assert_eq!(events[0].changed["refused"], json!({"to": 24}));
    log.until("sign-ins to the pages were refused").await;
    assert!(!log.text().contains("wrong-key-of-somebody"));
    let answer = signs_in(&visitor, "192.0.2.1", "wrong-key-of-somebody").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let answer = signs_in(&visitor, "192.0.2.1", &manager).await;
    assert_eq!(answer.location(), "keys");
    let trail = visitor.get("trail").await;
    for shown in ["sign-ins refused", "192.0.2.1 11", "2001:db8::/64 11"] {
        assert!(trail.has(shown), "{shown}: {}", trail.body);
    }
}

#[tokio::test]
async fn wrong_keys_that_confirm_something_are_counted_too() {
    let (auth, [manager, _, _]) = crate::access::three().await;
    let server = pages(&auth).await;
    let visitor = Visitor::signed_in(&server, &manager).await;
    let attempt = async |confirm: &str| {
        let fields = [("groups", "managers"), ("confirm", confirm)];
        visitor.edit("shop", &fields).await.status
    };
    for _ in 0..10 {
        assert_eq!(attempt("wrong").await, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(attempt("wrong").await, StatusCode::TOO_MANY_REQUESTS);
    // What needs no key goes on.
    let archived = visitor.change("archive-key", &[("name", "shop")]).await;
    assert_eq!(archived.location(), "key?name=shop&done=done-archived");
    auth.advance(Duration::from_secs(60));
    assert_eq!(attempt("wrong").await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(attempt(&manager).await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn guesses_that_are_sent_together_are_counted_before_one_is_verified() {
    let (auth, store) = GatedStore::default().at_a_time(20).node().await;
    let server = pages(&auth).await;
    let guess = async |number: usize| {
        let guess = format!("guess {number}");
        Visitor::of(&server).sign_in(&guess).await.status
    };
    store.close();
    let ten = join_all((0..10).map(&guess));
    let one_more = async {
        store.until_read(10).await;
        let must_wait = tokio::select! {
            status = guess(10) => status == StatusCode::TOO_MANY_REQUESTS,
            () = store.until_read(11) => false,
        };
        store.let_through(100);
        must_wait
    };
    let (ten, must_wait) = tokio::join!(ten, one_more);
    assert!(must_wait);
    assert_eq!(ten, [StatusCode::UNAUTHORIZED; 10]);
}

#[tokio::test]
async fn right_key_is_not_counted_though_somebody_may_guess_it() {
    let (auth, store) = GatedStore::default().node().await;
    let given = NewKey::new("manager", "manager").groups(["managers"]);
    let given = given.text("swordfish-of-the-manager");
    let created = auth.keys().create(given).await.unwrap();
    let manager = created.secret.expose();
    let server = pages(&auth).await;
    let visitor = Visitor::of(&server);
    for _ in 0..11 {
        assert_eq!(visitor.sign_in(manager).await.location(), "keys");
    }
    // Nor are those that cannot be verified.
    store.set_failing(true);
    for number in 0..11 {
        let refused = visitor.sign_in(&format!("guess {number}")).await;
        assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    }
    store.set_failing(false);
    assert_eq!(visitor.sign_in(manager).await.location(), "keys");
    for number in 0..10 {
        let refused = visitor.sign_in(&format!("guess {number}")).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    }
    let refused = visitor.sign_in(manager).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
}
