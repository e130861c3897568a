use auth_api_key::route;

#[route("/orders", auth = "api_key", permissions = ["orders"])]
//~^ 38
async fn my_service() {}

fn main() {}
