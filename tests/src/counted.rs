//! A guarded route that counts how often its body runs.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use auth_api_key::{Authenticator, route, routes};
use axum::{
    Router,
    extract::{FromRef, State},
};

use crate::Server;

#[derive(Clone, FromRef)]
struct AppState {
    auth: Authenticator,
    handled: Arc<AtomicUsize>,
}

#[route("/count", auth = "api_key")]
async fn count(State(handled): State<Arc<AtomicUsize>>) {
    handled.fetch_add(1, Ordering::SeqCst);
}

/// A server whose path `/count` asks for a key.
pub struct Counted {
    pub server: Server,
    handled: Arc<AtomicUsize>,
}

impl Counted {
    pub async fn start(auth: Authenticator) -> Self {
        let handled = Arc::default();
        let state = AppState {
            auth,
            handled: Arc::clone(&handled),
        };
        let app = Router::new().merge(routes![count]).with_state(state);
        Self {
            server: Server::start(app).await,
            handled,
        }
    }

    /// How often the body has run.
    pub fn handled(&self) -> usize {
        self.handled.load(Ordering::SeqCst)
    }
}
