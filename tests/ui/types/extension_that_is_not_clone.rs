use auth_api_key::route;
use axum::Extension;

struct Db;

#[route("/orders", auth = "api_key")]
async fn orders(Extension(db): Extension<Db>) {
//~^ 32
    let _ = db;
}

fn main() {}
