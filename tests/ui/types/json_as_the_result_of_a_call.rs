use auth_api_key::route;
use axum::Json;

#[route("/a", auth = "api_key", type = "jsonrpc")]
async fn my_service() -> Json<String> {
//~^ 26
    Json(String::new())
}

fn main() {}
