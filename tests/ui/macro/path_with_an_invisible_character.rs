use auth_api_key::route;

#[route("/mi​ne", auth = "none")]
//~^ 9
async fn my_service() {}

fn main() {}
