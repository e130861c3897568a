//! A node of a cluster, as a separate process: `node URL CACHE_CAPACITY` serves the keys of a database
//! on a free port, which it prints, until its standard input is closed.

use std::{
    env, io,
    time::{SystemTime, UNIX_EPOCH},
};

use auth_api_key::{ApiKey, Authenticator, route, routes};
use axum::{
    Router,
    extract::{Path, Request, State},
    middleware::{Next, from_fn},
    response::Response,
    routing::{get, post},
};
use tokio::net::TcpListener;

#[route("/guarded", auth = "api_key")]
async fn guarded(key: ApiKey) -> &'static str {
    let _ = key;
    "hello"
}

async fn bare() -> &'static str {
    "hello"
}

async fn empty(request: Request, next: Next) -> Response {
    next.run(request).await
}

/// Archives a key, and answers with the time when this had returned, in microseconds since 1970.
async fn archive(State(auth): State<Authenticator>, Path(name): Path<String>) -> String {
    auth.keys().archive(&name).await.unwrap();
    let returned = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    returned.as_micros().to_string()
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [url, capacity] = &arguments[..] else {
        panic!("write `node URL CACHE_CAPACITY`");
    };
    let builder = Authenticator::builder().cache_capacity(capacity.parse().unwrap());
    let auth = builder.connect(url).await.unwrap();
    let app = Router::new()
        .merge(routes![guarded])
        .route("/bare", get(bare))
        .route("/empty", get(bare).layer(from_fn(empty)))
        .route("/archive/{name}", post(archive))
        .with_state(auth);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("{}", listener.local_addr().unwrap());
    // The process ends when the process that started it ends, in whatever way.
    std::thread::spawn(|| {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        std::process::exit(0);
    });
    axum::serve(listener, app).await.unwrap();
}
