use auth_api_key::route;
use axum::extract::Query;

#[derive(serde::Deserialize)]
struct Paging {
    page: u32,
    limit: u32,
}

#[route("/orders?page&limit", auth = "none")]
//~^ 9
async fn orders(Query(paging): Query<Paging>) -> String {
    format!("{} {}", paging.page, paging.limit)
}

fn main() {}
