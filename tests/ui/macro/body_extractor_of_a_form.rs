use auth_api_key::route;
use axum::Json;

#[route("/a?note", auth = "api_key", type = "form")]
async fn my_service(note: String, body: Json<String>) {}
//~^ 41

fn main() {}
