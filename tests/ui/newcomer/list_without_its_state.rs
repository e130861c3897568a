// Wished for: one error: "these routes need a state"; help: `Routes<AppState>`.

use auth_api_key::{Routes, route, routes};
use axum::extract::State;

#[derive(Clone)]
struct Db;

#[route("/orders", auth = "api_key")]
async fn orders() {}

#[route("/jobs", auth = "api_key")]
async fn jobs(State(_): State<Db>) {}

fn listed() -> Routes {
    routes![orders, jobs]
}

fn main() {
    let _ = listed();
}
