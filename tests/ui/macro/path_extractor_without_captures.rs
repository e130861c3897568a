use auth_api_key::route;
use axum::extract::Path;

#[route("/orders", auth = "none")]
async fn my_service(Path(id): Path<u32>) {
//~^ 31
    let _ = id;
}

fn main() {}
