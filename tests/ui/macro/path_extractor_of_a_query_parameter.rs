use auth_api_key::route;
use axum::extract::Path;

#[route("/partner?id", auth = "api_key")]
async fn partner(Path(id): Path<i64>) -> String {
    //~^ 18
    id.to_string()
}

fn main() {}
