use auth_api_key::route;
use axum::Json;

#[route("/orders", auth = "api_key")]
async fn my_service() -> Json<&Vec<u32>> {
//~^ 26
    unimplemented!()
}

fn main() {}
