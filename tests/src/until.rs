//! Waits for what nothing announces.

use std::{fmt::Debug, time::Duration};

use auth_api_key::{Authenticator, Reason};

use crate::verify;

/// Shorter than the bounds that tests set in order not to reach them.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

/// Asks again and again until the result is as expected, for half a minute at most.
///
/// # Panics
///
/// If it never is. The panic shows the last result, and `after`, which says what was done before.
pub async fn until<T: PartialEq + Debug>(
    mut ask: impl AsyncFnMut() -> T,
    expected: T,
    after: &str,
) {
    let mut last = None;
    let asking = async {
        loop {
            let answer = ask().await;
            if answer == expected {
                break;
            }
            last = Some(answer);
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    if tokio::time::timeout(DEADLINE, asking).await.is_err() {
        panic!("not yet {expected:?} after {after}, but {last:?}");
    }
}

/// Waits until a node decides about a key's text as expected.
pub async fn until_decided(node: &Authenticator, text: &str, expected: Result<(), Reason>) {
    let decide = async || verify(node, text).await.map(drop);
    until(decide, expected, &format!("the change to {text}")).await;
}
