use auth_api_key::route;
use axum::extract::Path;

#[route("/orders/{id}/lines/{line}", auth = "none")]
async fn my_service(id: u64, Path(line): Path<u32>) {
//~^ 42
    let _ = (id, line);
}

fn main() {}
