use auth_api_key::route;
use axum::extract::Query;

#[route("/find", auth = "none")]
async fn my_service(Query(ids): Query<Vec<u32>>) {
//~^ 33
    let _ = ids;
}

fn main() {}
