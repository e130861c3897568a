//! What examples share: a server that runs until a signal stops it, and a PostgreSQL to try.

pub mod postgres;

use std::{env, io, net::SocketAddr};

use axum::Router;
use tokio::{
    net::TcpListener,
    signal::{
        ctrl_c,
        unix::{SignalKind, signal},
    },
};

/// Listens on 127.0.0.1, at the port `PORT` or 8069. 0 takes any free port.
pub async fn listen() -> io::Result<TcpListener> {
    let port = env::var("PORT").unwrap_or_else(|_| "8069".to_owned());
    let port: u16 = port.parse().map_err(|_| {
        let wrong = format!("PORT is \"{port}\"; write a number from 0 to 65535");
        io::Error::new(io::ErrorKind::InvalidInput, wrong)
    })?;
    TcpListener::bind(("127.0.0.1", port))
        .await
        .map_err(|error| {
            let remedy = format!("cannot listen on port {port}: {error}; choose another by PORT=…");
            io::Error::new(error.kind(), remedy)
        })
}

/// Serves until SIGINT or SIGTERM, and lets the requests under way finish. Keys with networks, and the pages for
/// operators, need the addresses of callers.
pub async fn serve(listener: TcpListener, app: Router) -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let stop = async move {
        tokio::select! {
            _ = ctrl_c() => {}
            _ = terminate.recv() => {}
        }
    };
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, app)
        .with_graceful_shutdown(stop)
        .await
}
