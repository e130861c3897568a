//! How long a copy of 100,000 keys takes from one database to another, the first time and again, and how
//! much memory: `cargo bench -p tests --bench copy`.

use std::{
    env, fs,
    process::Command,
    time::{Duration, Instant, SystemTime},
};

use auth_api_key::{Authenticator, NewKey, store::copy};
use serde_json::json;
use tests::cluster::Shared;
use tokio::runtime::Runtime;

const KEYS: usize = 100_000;
const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// In a process that does nothing else, so that its memory is the copy's: gives the seconds, and the most
/// memory in KiB that the process had.
fn copy_here(from: &str, to: &str) -> (f64, u64) {
    let begun = Instant::now();
    let copied = async { copy(from, to, None, |_| {}).await.expect("a copy") };
    let copied = Runtime::new().expect("a runtime starts").block_on(copied);
    assert_eq!(copied, KEYS as u64);
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let most = most.and_then(|most| most.split_whitespace().next()?.parse().ok());
    (begun.elapsed().as_secs_f64(), most.unwrap_or(0))
}

fn copy_elsewhere(from: &Shared, to: &Shared) -> String {
    let this = env::current_exe().expect("the path of this program");
    let copy = Command::new(this).args([from.url(), to.url()]).output();
    let copied = copy.expect("this program runs once more");
    assert!(copied.status.success(), "{copied:?}");
    String::from_utf8_lossy(&copied.stdout).trim().to_owned()
}

async fn fill(from: &Shared) {
    let auth = Authenticator::connect(&from.url()).await.expect("a store");
    let keys = (0..KEYS).map(|number| {
        let key = NewKey::new(format!("key-{number}"), format!("user-{}", number / 10))
            .groups(["shop", "erp"]);
        let key = key.metadata_from(&json!({ "number": number }));
        key.expect("JSON").expires_at(SystemTime::now() + YEAR)
    });
    auth.keys().create_all(keys).await.expect("new keys");
}

fn main() {
    if let [_, from, to] = env::args().collect::<Vec<_>>().as_slice() {
        let (seconds, most) = copy_here(from, to);
        print!("{seconds:.1} s, {} MiB", most / 1024);
        return;
    }
    Runtime::new().expect("a runtime starts").block_on(async {
        for from in Shared::each().await {
            fill(&from).await;
            for to in Shared::each().await {
                println!(
                    "{} to {}: {}; again {}",
                    from.database(),
                    to.database(),
                    copy_elsewhere(&from, &to),
                    copy_elsewhere(&from, &to),
                );
            }
        }
    });
}
