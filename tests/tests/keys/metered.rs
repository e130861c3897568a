//! How decisions are counted.

use std::time::{Duration, SystemTime};

use auth_api_key::{Authenticator, NewKey, Reason, store::News};
use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use tests::GatedStore;

async fn verify(auth: &Authenticator, text: &str, group: &str) -> Option<Reason> {
    auth.verify(text, &[group], None).await.err()
}

#[tokio::test]
async fn decisions_look_ups_and_confirmations_are_counted() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let auth = {
        let _recording = metrics::set_default_local_recorder(&recorder);
        let (auth, store) = GatedStore::reported_by_hand().node().await;
        store.until_asked(1).await;
        store
            .report(News::Confirmed(std::time::Instant::now()))
            .await;
        auth
    };
    let key = NewKey::new("webshop", "user")
        .groups(["shop"])
        .text("swordfish");
    auth.keys().create(key).await.unwrap();
    for (text, group) in [
        ("swordfish", "shop"),
        ("swordfish", "shop"),
        ("swordfish", "erp"),
        ("unknown", "shop"),
        ("unknown", "shop"),
    ] {
        verify(&auth, text, group).await;
    }
    let seen = snapshotter.snapshot().into_vec();
    let value = |name: &str, label: &str| {
        let named = seen.iter().find(|(key, ..)| {
            let labels: Vec<&str> = key.key().labels().map(|label| label.value()).collect();
            key.key().name() == name && labels.join("") == label
        });
        &named
            .unwrap_or_else(|| panic!("no {name} {label}: {seen:?}"))
            .3
    };
    for (name, label, count) in [
        ("auth_api_key_decisions_total", "admitted", 2),
        ("auth_api_key_decisions_total", "forbidden_group", 1),
        ("auth_api_key_decisions_total", "unknown_key", 2),
        ("auth_api_key_decisions_total", "archived_key", 0),
        ("auth_api_key_cache_total", "hit", 3),
        ("auth_api_key_cache_total", "miss", 2),
    ] {
        assert_eq!(
            value(name, label),
            &DebugValue::Counter(count),
            "{name} {label}"
        );
    }
    let look_ups = value("auth_api_key_store_seconds", "");
    assert!(
        matches!(look_ups, DebugValue::Histogram(seconds) if seconds.len() == 2),
        "{look_ups:?}"
    );
    let confirmed = value("auth_api_key_confirmed_timestamp_seconds", "");
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap();
    let recent =
        |at: f64| (now - Duration::from_secs(60)).as_secs_f64() < at && at <= now.as_secs_f64();
    assert!(
        matches!(confirmed, DebugValue::Gauge(at) if recent(**at)),
        "{confirmed:?}"
    );
}
