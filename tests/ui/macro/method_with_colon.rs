use auth_api_key::route;

#[route("/orders", auth = "api_key", method: "POST")]
//~^ 38
async fn my_service() {}

fn main() {}
