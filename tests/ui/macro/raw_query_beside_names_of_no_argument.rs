use auth_api_key::route;
use axum::extract::RawQuery;

#[route("/orders?page", auth = "none")]
//~^ 9
async fn orders(RawQuery(query): RawQuery) -> String {
    query.unwrap_or_default()
}

fn main() {}
