//! Sends many different wrong keys while other keys are in use.

use std::{
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use auth_api_key::{Authenticator, NewKey, Reason};
use tokio::task::JoinSet;

/// Makes keys, and verifies each of them.
pub async fn warm(auth: &Authenticator, count: usize) -> Vec<String> {
    let names: Vec<String> = (0..count).map(|number| format!("key-{number}")).collect();
    let keys = names
        .iter()
        .map(|name| NewKey::new(name, "user").text(name));
    auth.keys().create_all(keys).await.unwrap();
    for name in &names {
        auth.verify(name, &[], None).await.unwrap();
    }
    names
}

/// Verifies wrong keys, `at_a_time` at a time, and now and then a key in use.
///
/// # Panics
///
/// If a key in use is refused, or if a wrong key is not refused as unknown.
pub async fn flood(auth: &Authenticator, used: &[String], wrong: Range<usize>, at_a_time: usize) {
    let next = Arc::new(AtomicUsize::new(wrong.start));
    let mut tasks = JoinSet::new();
    for _ in 0..at_a_time {
        let (auth, used, next) = (auth.clone(), used.to_vec(), Arc::clone(&next));
        tasks.spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= wrong.end {
                    return;
                }
                let text = format!("wrong-{number}");
                let refused = auth.verify(text, &[], None).await;
                assert_eq!(refused, Err(Reason::UnknownKey));
                if number % 16 == 0 {
                    let key = &used[number / 16 % used.len()];
                    auth.verify(key, &[], None).await.unwrap();
                }
            }
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
}

/// How much memory this process uses, in KiB.
pub fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.unwrap().trim().trim_end_matches(" kB");
    number.parse().unwrap()
}
