use auth_api_key::route;
use axum::extract::Query;

#[route("/partner/{id}", auth = "api_key")]
async fn partner(Query(id): Query<i64>) -> String {
    //~^ 18
    id.to_string()
}

fn main() {}
