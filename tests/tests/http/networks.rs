//! Networks and callers' addresses in every notation: an IPv4 address and the same address mapped into
//! IPv6 are one caller, wherever a network comes from.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use auth_api_key::{
    Authenticator, Error, NewKey, Reason,
    key::{Digest, IpNet, KeyFilter, KeyRecord, KeyUpdate},
    store::{Lookup, MemoryStore, Watch},
};
use axum::{extract::ConnectInfo, http::Request};
use futures_util::future::{BoxFuture, FutureExt, ready};
use tests::{cluster::Shared, listed};

fn net(text: &str) -> IpNet {
    text.parse().unwrap()
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// Finds one record for any text: a user's store, which checks nothing.
#[derive(Debug)]
struct ByHand(KeyRecord);

impl ByHand {
    fn within(network: &str) -> Self {
        let mut record = KeyRecord::new(1, "a", "user");
        record.networks = vec![net(network)];
        Self(record)
    }
}

impl Lookup for ByHand {
    fn find<'a>(&'a self, _: &'a [Digest]) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
        ready(Ok(Some(self.0.clone()))).boxed()
    }

    fn watch(&self, _: Duration) -> BoxFuture<'_, Result<Option<Box<dyn Watch>>, Error>> {
        ready(Ok(None)).boxed()
    }
}

/// Networks, addresses that each holds, and addresses that it does not hold.
const HELD: [(&str, &[&str], &[&str]); 7] = [
    (
        "10.0.0.0/8",
        &["10.1.2.3", "::ffff:10.1.2.3"],
        &["11.0.0.0", "::ffff:11.0.0.0", "::10.1.2.3", "2001:db8::1"],
    ),
    (
        "::ffff:10.0.0.0/104",
        &["10.1.2.3", "::ffff:10.1.2.3"],
        &["11.0.0.0", "::ffff:11.0.0.0", "::10.1.2.3", "2001:db8::1"],
    ),
    (
        "::ffff:192.0.2.7/128",
        &["192.0.2.7", "::ffff:192.0.2.7"],
        &["192.0.2.6", "::ffff:192.0.2.6"],
    ),
    // All mapped addresses, and a few more.
    (
        "::ffff:0:0/96",
        &["10.1.2.3", "::ffff:255.255.255.255"],
        &["::1", "2001:db8::1"],
    ),
    (
        "::ffc0:0:0/90",
        &["10.1.2.3", "::ffff:10.1.2.3", "::ffc0:0:1"],
        &["::1", "2001:db8::1"],
    ),
    ("::/0", &["10.1.2.3", "::ffff:10.1.2.3", "2001:db8::1"], &[]),
    (
        "2000::/3",
        &["2001:db8::1"],
        &["10.1.2.3", "::ffff:10.1.2.3", "::1"],
    ),
];

async fn verify(auth: &Authenticator, address: IpAddr) -> Result<(), Reason> {
    let verified = auth.verify("a", &[], Some(address)).await;
    verified.map(drop)
}

/// A key is admitted from the addresses that its network holds, and from no others.
async fn assert_held(auth: &Authenticator, network: &str, held: &[&str], not: &[&str]) {
    for address in held {
        let verified = verify(auth, ip(address)).await;
        assert_eq!(verified, Ok(()), "{address} is in {network}");
    }
    for address in not {
        let verified = verify(auth, ip(address)).await;
        let refused = Err(Reason::ForbiddenNetwork);
        assert_eq!(verified, refused, "{address} is not in {network}");
    }
}

#[tokio::test]
async fn created_and_updated_key_is_admitted_from_its_network() {
    for (network, held, not) in HELD {
        let auth = Authenticator::builder().build(MemoryStore::new());
        let auth = auth.await.unwrap();
        let key = NewKey::new("a", "user").text("a");
        auth.keys()
            .create(key.networks([net(network)]))
            .await
            .unwrap();
        assert_held(&auth, network, held, not).await;
        let update = KeyUpdate::new().networks([net("192.0.2.0/32")]);
        auth.keys().update("a", update).await.unwrap();
        let update = KeyUpdate::new().networks([net(network)]);
        auth.keys().update("a", update).await.unwrap();
        assert_held(&auth, network, held, not).await;
    }
}

#[tokio::test]
async fn record_of_any_store_is_admitted_from_its_network() {
    for (network, held, not) in HELD {
        let store = ByHand::within(network);
        let auth = Authenticator::builder().build_lookup(store).await.unwrap();
        assert_held(&auth, network, held, not).await;
    }
    // Bits after the prefix make no difference.
    let store = ByHand::within("::ffff:10.1.2.3/104");
    let auth = Authenticator::builder().build_lookup(store).await.unwrap();
    assert_held(&auth, "10.1.2.3/8", &["10.9.9.9"], &["11.0.0.0"]).await;
}

#[tokio::test]
async fn network_in_a_row_written_by_hand_is_read_as_it_is_meant() {
    for shared in [Some(Shared::file()), Shared::server().await] {
        let Some(shared) = shared else { continue };
        let auth = Authenticator::connect(&shared.url()).await.unwrap();
        auth.keys()
            .create(NewKey::new("a", "user").text("a"))
            .await
            .unwrap();
        let beyond = [("10.1.2.3/8", HELD[0].1, HELD[0].2)];
        let mapped = [("::ffff:10.1.2.3/104", HELD[0].1, HELD[0].2)];
        for (network, held, not) in HELD.into_iter().chain(beyond).chain(mapped) {
            let row = format!("UPDATE api_key SET networks = '[\"{network}\"]'");
            shared.execute(&row).await;
            let auth = Authenticator::connect(&shared.url()).await.unwrap();
            assert_held(&auth, network, held, not).await;
            let listed = listed(&auth, &KeyFilter::new()).await[0].networks[0].to_string();
            if network.contains("10.") {
                assert_eq!(listed, "10.0.0.0/8", "{network}");
            }
            // Another change of such a key is not an error.
            auth.keys()
                .update("a", KeyUpdate::new().name("a"))
                .await
                .unwrap();
        }
    }
}

/// The decision about a request from a peer with this `X-Forwarded-For`.
async fn decided(auth: &Authenticator, peer: &str, forwarded: &str) -> Result<(), Reason> {
    let request = Request::builder()
        .header("api-key", "a")
        .header("x-forwarded-for", forwarded);
    let (mut parts, ()) = request.body(()).unwrap().into_parts();
    let peer = ConnectInfo(SocketAddr::new(ip(peer), 4711));
    parts.extensions.insert(peer);
    let decided = auth.authenticate(&mut parts, &[]).await;
    decided.map(drop).map_err(|rejection| rejection.reason())
}

#[tokio::test]
async fn proxy_is_recognised_in_every_notation_and_its_callers_are_not_proxies() {
    for proxies in ["10.0.0.0/8", "::ffff:10.0.0.0/104"] {
        for network in ["10.0.0.0/8", "::ffff:10.0.0.0/104"] {
            let builder = Authenticator::builder().proxies([net(proxies)]);
            let auth = builder.build_lookup(ByHand::within(network)).await.unwrap();
            for proxy in ["10.0.0.1", "::ffff:10.0.0.1"] {
                let from = async |caller| decided(&auth, proxy, caller).await;
                let stranger = Err(Reason::ForbiddenNetwork);
                assert_eq!(from("203.0.113.9").await, stranger, "{proxies} {proxy}");
                assert_eq!(from("::ffff:203.0.113.9").await, stranger);
                assert_eq!(from("203.0.113.9, ::ffff:10.0.0.2").await, stranger);
                assert_eq!(from("10.0.0.2").await, Err(Reason::UnknownNetwork));
            }
            let peer = decided(&auth, "203.0.113.9", "10.0.0.2").await;
            assert_eq!(peer, Err(Reason::ForbiddenNetwork));
        }
    }
}

#[tokio::test]
async fn network_of_all_ipv4_addresses_may_be_the_proxies() {
    for proxies in ["::ffff:0:0/96", "::ffc0:0:0/90", "::/0"] {
        let builder = Authenticator::builder().proxies([net(proxies)]);
        let auth = builder
            .build_lookup(ByHand::within("10.0.0.0/8"))
            .await
            .unwrap();
        for peer in ["10.0.0.1", "::ffff:10.0.0.1"] {
            let unknown = Err(Reason::UnknownNetwork);
            assert_eq!(decided(&auth, peer, "10.0.0.2").await, unknown, "{proxies}");
            assert_eq!(decided(&auth, peer, "203.0.113.9").await, unknown);
        }
    }
    let builder = Authenticator::builder().proxies([net("::ffc0:0:0/90")]);
    let auth = builder
        .build_lookup(ByHand::within("10.0.0.0/8"))
        .await
        .unwrap();
    let through = decided(&auth, "10.0.0.1", "2001:db8::1").await;
    assert_eq!(through, Err(Reason::ForbiddenNetwork));
}

#[tokio::test]
async fn network_with_bits_after_its_prefix_is_an_error_that_offers_the_network() {
    let auth = Authenticator::builder().build(MemoryStore::new());
    let auth = auth.await.unwrap();
    auth.keys().create(NewKey::new("a", "user")).await.unwrap();
    for (given, meant, alone) in [
        ("10.1.2.3/8", "10.0.0.0/8", "10.1.2.3/32"),
        ("::ffff:10.1.2.3/104", "10.0.0.0/8", "10.1.2.3/32"),
        ("::ffff:0:0/90", "::ffc0:0:0/90", "0.0.0.0/32"),
        ("2001:db8::1/32", "2001:db8::/32", "2001:db8::1/128"),
        ("0.0.0.1/0", "0.0.0.0/0", "0.0.0.1/32"),
    ] {
        let network = [net("192.0.2.0/24"), net(given)];
        let keys = auth.keys();
        let created = keys.create(NewKey::new("b", "user").networks(network));
        let updated = keys.update("a", KeyUpdate::new().networks(network));
        let builder = || Authenticator::builder().proxies(network);
        for (error, owner) in [
            (created.await.unwrap_err(), "key \"b\""),
            (updated.await.unwrap_err(), "key \"a\""),
            (
                builder().build(MemoryStore::new()).await.unwrap_err(),
                "`Builder::proxies`",
            ),
            (
                builder().connect("sqlite:/no/keys.db").await.unwrap_err(),
                "`Builder::proxies`",
            ),
        ] {
            let said = format!(
                "the network {} of {owner} has bits set after its prefix; write {meant}, or \
                 {alone} for that address alone",
                net(given)
            );
            assert_eq!(error.to_string(), said);
        }
    }
    assert_eq!(listed(&auth, &KeyFilter::new()).await.len(), 1);
}

#[tokio::test]
async fn mapped_network_is_stored_as_an_ipv4_network() {
    let auth = Authenticator::builder().build(MemoryStore::new());
    let auth = auth.await.unwrap();
    let mapped = [net("::ffff:10.0.0.0/104")];
    let key = NewKey::new("a", "user").networks(mapped);
    assert_eq!(
        auth.keys().create(key).await.unwrap().record.networks,
        [net("10.0.0.0/8")]
    );
    let update = KeyUpdate::new().networks(mapped);
    assert_eq!(
        auth.keys().update("a", update).await.unwrap().networks,
        [net("10.0.0.0/8")]
    );
}
