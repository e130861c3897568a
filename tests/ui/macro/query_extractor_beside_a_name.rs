use auth_api_key::route;
use axum::extract::Query;

#[derive(serde::Deserialize)]
struct Filter {}

#[route("/users?page&size", auth = "none")]
async fn my_service(page: u32, Query(query): Query<Filter>) {
//~^ 46
    let _ = (page, query);
}

fn main() {}
