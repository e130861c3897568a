use auth_api_key::route;
use axum::extract::Path;

#[route("/orders/{id}/lines/{line}", auth = "none")]
async fn my_service(Path(line): Path<u32>) {
//~^ 33
    let _ = line;
}

fn main() {}
