use auth_api_key::route;
use axum::extract::Query;

#[route("/orders?page", auth = "api_key")]
async fn orders(Query(page): Query<Option<u32>>) -> String {
    //~^ 17
    format!("{page:?}")
}

fn main() {}
