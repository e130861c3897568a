use auth_api_key::route;
use axum::extract::Query;

#[route("/find", auth = "none")]
async fn my_service(Query(lang): Query<String>) {
//~^ 34
    let _ = lang;
}

fn main() {}
