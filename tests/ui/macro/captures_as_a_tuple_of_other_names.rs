use auth_api_key::route;
use axum::extract::Path;

const _: Option<Path<u8>> = None;

#[route("/{shop}/orders/{id}", auth = "none", methods = ["GET"])]
async fn order((a, b): (String, u64)) {
//~^ 16
    let _ = (a, b);
}

fn main() {}
