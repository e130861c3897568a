use auth_api_key::route;
use axum::extract::Path;

#[route("/{shop}?page", auth = "none", methods = ["GET"])]
async fn orders(Path((shop, page)): Path<(String, u32)>) {
//~^ 17
    let _ = (shop, page);
}

fn main() {}
