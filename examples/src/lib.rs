//! What examples share: serving a router until it is told to stop, and a PostgreSQL to try.

use std::{env, fs, io, path::PathBuf};

use axum::Router;
use pgtemp::PgTempDB;
use tokio::{
    net::TcpListener,
    signal::{
        ctrl_c,
        unix::{SignalKind, signal},
    },
};

/// Listens on 127.0.0.1, at `PORT` or 8069; 0 takes any free port.
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

/// Serves until SIGINT or SIGTERM, and lets the requests under way finish.
pub async fn serve(listener: TcpListener, app: Router) -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let stop = async move {
        tokio::select! {
            _ = ctrl_c() => {}
            _ = terminate.recv() => {}
        }
    };
    axum::serve(listener, app)
        .with_graceful_shutdown(stop)
        .await
}

/// A PostgreSQL server that is gone when it is dropped. As root, it needs `sudo`.
pub fn throwaway_postgres() -> io::Result<PgTempDB> {
    // Debian puts the server's programs beside the path.
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let debian = debian.flatten().map(|version| version.path().join("bin"));
    let path = env::var_os("PATH").unwrap_or_default();
    let has_server = |folder: &PathBuf| folder.join("initdb").is_file();
    let bin = debian.chain(env::split_paths(&path)).find(has_server);
    let bin = bin.ok_or_else(|| {
        let remedy =
            "no PostgreSQL server is installed; install one, or name one by DATABASE_URL=…";
        io::Error::new(io::ErrorKind::NotFound, remedy)
    })?;
    Ok(PgTempDB::builder().with_bin_path(bin).start())
}
