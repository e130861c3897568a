use auth_api_key::route;
use axum::extract::Path;

#[route("/orders/{id}", auth = "none")]
async fn my_service(Path((id, line)): Path<(u32, u32)>) {
//~^ 39
    let _ = (id, line);
}

fn main() {}
