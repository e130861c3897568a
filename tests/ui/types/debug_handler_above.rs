use auth_api_key::route;

#[axum::debug_handler]
#[route("/my_service", auth = "api_key")]
async fn my_service() {}
//~^ 10

fn main() {}
