use auth_api_key::route;
use axum::Json;

#[route("/orders", auth = "api_key", methods = ["POST"])]
async fn orders(name: String, Json(count): Json<u8>) {
    //~^ 23
    let _ = (name, count);
}

fn main() {}
