use auth_api_key::route;

#[route("/my_service", auth = "api_key", colour = "red")]
//~^ 42
async fn my_service() {}

fn main() {}
