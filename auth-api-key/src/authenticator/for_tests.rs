//! What tests of programs need: keys in memory, and a time that can be moved.

use std::time::Duration;

use futures_util::FutureExt as _;

use super::verify::Authenticator;
use crate::store::MemoryStore;

impl Authenticator {
    /// An authenticator for tests, with its keys in memory: as
    /// [`build`](crate::Builder::build) with a [`MemoryStore`], but not async.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), auth_api_key::Error> {
    /// use std::time::{Duration, SystemTime};
    ///
    /// use auth_api_key::{Authenticator, NewKey, Reason};
    ///
    /// let auth = Authenticator::for_tests();
    /// let day = Duration::from_secs(24 * 60 * 60);
    /// let key = NewKey::new("webshop", "user-7").expires_at(SystemTime::now() + day);
    /// let text = auth.keys().create(key).await?.secret;
    /// assert!(auth.verify(text.expose(), &[], None).await.is_ok());
    ///
    /// auth.advance(day);
    /// let refused = auth.verify(text.expose(), &[], None).await;
    /// assert_eq!(refused, Err(Reason::ExpiredKey));
    /// # Ok(()) }
    /// ```
    ///
    /// # Panics
    ///
    /// Outside of a Tokio runtime.
    pub fn for_tests() -> Self {
        let building = Self::builder().build(MemoryStore::new());
        let built = building.now_or_never().expect("memory is open at once");
        built.expect("the settings are the usual ones")
    }

    /// Moves the time of this authenticator and its clones forward: keys expire, the overlaps of rotated
    /// keys end, cached keys age, and [`until_refused`](Self::until_refused) notices.
    ///
    /// The store keeps the time of the machine: for the list of expired keys, and for the times of
    /// changes. The clocks of other authenticators do not move.
    pub fn advance(&self, by: Duration) {
        self.0.policy.clock.advance(by);
    }
}
