use auth_api_key::route;

#[route("/my_service", auht = "api_key")]
//~^ 24
async fn my_service() {}

fn main() {}
